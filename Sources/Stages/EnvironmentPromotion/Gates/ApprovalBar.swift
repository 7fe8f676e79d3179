import BakeModel

/// Whose signatures do not count, and what keeps us from knowing.
struct ApprovalBar {
    private let by: [String]
    private var reasons: [String: String] = [:]
    /// Parts that cannot be given to a person: then nobody's signature proves that they had none.
    private(set) var problems: [String] = []

    /// The bar before an approval of a promotion.
    init(_ rule: ApprovalRule, _ situation: PromotionSituation) {
        self.init(rule, situation.contributors, of: situation.generation, situation.policy)
        if rule.never.contains(.promoter) { barPromoter(situation) }
    }

    /// The bar of those who had a part in the commits that come.
    /// - Parameter contributors: who had.
    init(_ rule: ApprovalRule, _ contributors: Contributors, of generation: GenerationRecord, _ policy: Policy) {
        by = rule.by
        let parts = rule.never.filter { $0 != .promoter }
        guard !parts.isEmpty else { return }
        switch contributors {
        case .known(let contributors): barContributors(contributors.filter { parts.contains($0.part) }, policy)
        case .tooMany(let limit):
            problems.append(
                "more than \(limit) commits come at once, and who wrote so many is not asked: promote a generation between "
                    + "first, or put a policy in force for this once whose never: bars no author and no committer")
        case .untold:
            problems.append(
                "who wrote the commits cannot be told without their repository: run it in a clone of \(generation.source)"
            )
        }
    }

    private mutating func barPromoter(_ situation: PromotionSituation) {
        let actor = situation.actor
        let person = actor.signer ?? situation.policy.signers?.person(called: actor.observedName)
        if let person {
            reasons[person] = "they promote"
        } else {
            problems.append(
                "who promotes is not proved: sign it with --sign, or name \(actor.observedName) in the policy's signers"
            )
        }
    }

    private mutating func barContributors(_ contributors: [Contributor], _ policy: Policy) {
        var unknown: [String] = []
        for contributor in contributors {
            if let person = policy.signers?.person(called: contributor.mail) {
                reasons[person] = reasons[person] ?? "\(contributor.part.rawValue) of \(contributor.commit.short)"
            } else if !unknown.contains(contributor.name) {
                unknown.append(contributor.name)
            }
        }
        guard !unknown.isEmpty else { return }
        let shown =
            unknown.prefix(3).joined(separator: ", ") + (unknown.count > 3 ? " and \(unknown.count - 3) more" : "")
        problems.append("who \(shown) is, the policy's signers do not say")
    }

    /// Their part in what comes; nil where they had none that is known.
    func part(of person: String) -> String? { reasons[person] }

    /// Why a person's signature does not count; nil where it does.
    func reason(against person: String) -> String? {
        by.contains(person) ? reasons[person] : "not among \(by.joined(separator: ", "))"
    }
}

extension Contributor {
    /// What a message calls them: git takes commits of people without an address.
    fileprivate var name: String {
        mail.isEmpty ? "\"\" (\(part.rawValue) of \(commit.short))" : mail
    }
}
