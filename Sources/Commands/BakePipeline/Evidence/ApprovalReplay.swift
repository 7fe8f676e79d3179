import BakeModel
import EnvironmentPromotion

/// The approvals of a ledger, one entry after the other, and whether those that a promotion names opened its gate: what was
/// signed is void after a failed test or a promotion, and whom the policy bars does not count.
struct ApprovalReplay {
    /// Who had a part in the commits that lead from one to another; nil where the store's commits do not tell.
    let contributors: (CommitID?, CommitID) -> [Contributor]?
    /// The verdict of a generation: that of which approvals say that they are about it.
    let verdict: (GenerationID) throws -> Digest?
    /// How many promotions bar whoever wrote what came, where the store's commits do not tell who that was.
    private(set) var untold = 0
    /// The approvals whose signatures hold, by entry.
    private var approvals: [Int64: Approval] = [:]
    /// When an image was last promoted to a slot: what was signed before is used up.
    private var promotions: [Slot: [Digest: Int64]] = [:]
    /// The latest test that an image failed.
    private var failures: [Digest: Int64] = [:]

    init(
        contributors: @escaping (CommitID?, CommitID) -> [Contributor]?,
        verdict: @escaping (GenerationID) throws -> Digest?
    ) {
        self.contributors = contributors
        self.verdict = verdict
    }

    /// Looks at what an entry says of images.
    mutating func take(_ entry: Entry) throws {
        if let test = try TestRecord(entry), test.verdict.failed > 0 { failures[test.image] = entry.sequence }
    }

    /// Takes an approval whose signature holds.
    mutating func take(_ approval: Approval, _ entry: Entry) { approvals[entry.sequence] = approval }

    /// What is wrong with the approvals that a promotion names; asked once for each, in their order.
    /// - Parameters:
    ///   - policy: the one in force.
    ///   - first: the entry that put it there; what was signed before counts no more.
    mutating func problems(of move: SlotMove, _ entry: Entry, by policy: Policy, since first: Int64) throws -> [String]
    {
        let used = promotions[move.slot]?[move.image] ?? 0
        promotions[move.slot, default: [:]][move.image] = entry.sequence
        guard let rule = policy.environment(move.slot.environment)?.approve, move.brokenGlass == nil else { return [] }
        let void = max(used, first, failures[move.image] ?? 0)
        let people = Set(try counting(move, rule, policy, after: void).map(\.signed.signer))
        let bar = bar(rule, move, entry.actor, policy)
        if bar.isUntold { untold += 1 }
        let barred = people.intersection(bar.parts.keys).sorted().map {
            "\($0) approved \(move.slot), and is \(bar.parts[$0] ?? "")"
        }
        let count = people.subtracting(bar.parts.keys).count
        let lack = "\(rule.need) approvals were needed, and \(count) are proved for \(move.slot)"
        return barred + bar.unknown.map { "nobody could approve \(move.slot): who \($0) is, the policy did not say" }
            + (count < rule.need ? [lack] : [])
    }

    private func counting(
        _ move: SlotMove, _ rule: ApprovalRule, _ policy: Policy, after entry: Int64
    ) throws -> [Approval] {
        let verdict = try verdict(move.to)
        let named = Set(move.gates.filter { $0.isMet && $0.name.hasPrefix("approve ") }.flatMap(\.entries))
        return named.filter { $0 > entry }.compactMap { approvals[$0] }.filter { approval in
            let statement = approval.signed.statement
            return approval.slot == move.slot && approval.image == move.image
                && rule.by.contains(approval.signed.signer) && statement.policy == policy.digest
                && statement.targets.first?.verdict == verdict
        }
    }

    /// Whom a rule bars.
    struct Bar {
        /// The people who had a part in what came, and which.
        var parts: [String: String] = [:]
        /// Those of whom the policy does not say who they are: then nobody's signature counts.
        var unknown: [String] = []
        /// Whether the store's commits do not tell who wrote what came.
        var isUntold = false
    }

    /// Whom a rule bars from approving a move. Each commit is proved by its hash, so that this needs no repository.
    /// - Parameter promoter: who moved it; nil where that is not asked.
    func bar(_ rule: ApprovalRule, _ move: SlotMove, _ promoter: Actor?, _ policy: Policy) -> Bar {
        var bar = Bar()
        let parts = rule.never.filter { $0 != .promoter }
        if !parts.isEmpty, let facts = move.facts {
            let found = contributors(facts.fromCommit, move.commit)
            bar.isUntold = found == nil
            for contributor in (found ?? []).filter({ parts.contains($0.part) }) {
                bar.add(contributor.mail, "\(contributor.part.rawValue) of \(contributor.commit.short)", policy)
            }
        }
        guard let promoter, rule.never.contains(.promoter) else { return bar }
        if let signer = promoter.signer {
            bar.parts[signer] = "who promoted it"
        } else {
            bar.add(promoter.observedName, "who promoted it", policy)
        }
        return bar
    }
}

extension ApprovalReplay.Bar {
    fileprivate mutating func add(_ name: String, _ part: String, _ policy: Policy) {
        if let person = policy.signers?.person(called: name) {
            parts[person] = parts[person] ?? part
        } else if !unknown.contains(name) {
            unknown.append(name)
        }
    }
}
