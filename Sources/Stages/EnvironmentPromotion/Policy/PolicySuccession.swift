import BakeModel
import LedgerDatabase
import SSHSignatures

/// The policies of a ledger, one after the other, and whether each was put in force by those who may: writing the ledger is
/// no authority.
public struct PolicySuccession {
    /// The one in force.
    public private(set) var policy = Policy.empty
    /// The entry that put it there; nil before the first.
    public private(set) var entry: Int64?

    /// Begins before the first policy.
    public init() {}

    /// What is wrong with how a policy came into force.
    public enum Fault: Hashable, Sendable {
        /// No operator signed it.
        case unsigned
        /// What is signed is something else, or by somebody else; a clause.
        case signature(String)

        /// As a clause.
        public var explanation: String {
            switch self {
            case .unsigned: "no operator signed this policy"
            case .signature(let text): text
            }
        }
    }

    /// Takes the next policy. Each is signed by an operator of the one before; the first that has operators, by one of its own.
    /// - Parameter problem: why a signature does not hold by the people of a policy; nil where it does.
    /// - Returns: what is wrong; nil where nothing is.
    public mutating func take(
        _ applied: PolicyApplied, _ number: Int64, problem: (SignedStatement, Policy) -> String?
    ) -> Fault? {
        defer { (policy, entry) = (applied.policy, number) }
        let judge = policy.judge(of: applied.policy)
        guard let signed = applied.signed else { return judge.operators.isEmpty ? nil : .unsigned }
        if let problem = problem(signed, judge) { return .signature(problem) }
        let statement = signed.statement
        if statement.action != .policy || statement.policy != applied.policy.digest || statement.entry != entry {
            return .signature("what is signed is not this policy, or not here")
        }
        guard !judge.operators.isEmpty, !judge.operators.contains(signed.signer) else { return nil }
        return .signature("\(signed.signer) is no operator")
    }
}

extension EnvironmentPromotion {
    /// Refuses to go by a policy that nobody put in force who may, or by a time that nobody corrected who may. Where no policy
    /// ever had operators, everybody may.
    /// - Throws: `UnprovedAct`.
    func confirmOperators() throws {
        let (policies, corrections, store) = try ledger.read {
            (
                try $0.entries(PolicyApplied.self, of: .policy), try $0.entries(ClockCorrection.self, of: .clock),
                try Self.store(in: $0)
            )
        }
        guard policies.contains(where: { !$0.act.policy.operators.isEmpty }) else { return }
        var succession = PolicySuccession()
        for (applied, entry) in policies {
            let fault = succession.take(applied, entry.sequence) { signed, judge in
                signed.problem(by: judge.signers, of: store, at: entry.time)
            }
            if let fault {
                throw UnprovedAct(what: "policy", entry: entry.sequence, explanation: fault.explanation)
            }
        }
        var corrected: Int64 = 0
        for (correction, entry) in corrections {
            let policy = policies.last { $0.entry.sequence < entry.sequence }?.act.policy ?? .empty
            let problem = correction.problem(
                by: policy, trusting: policy.signers, of: store, since: corrected, entry)
            if let problem { throw UnprovedAct(what: "clock", entry: entry.sequence, explanation: problem) }
            corrected = entry.sequence
        }
    }

}

extension SignedStatement {
    /// Why it does not hold; nil where it does.
    /// - Parameters:
    ///   - signers: whose signatures count.
    ///   - store: which store it must be about.
    ///   - time: when it was taken.
    public func problem(by signers: AllowedSigners?, of store: String, at time: Timestamp) -> String? {
        guard statement.store == store else { return "what is signed is of another store" }
        guard let signers else { return "\(signer) signed, and the policy in force then names nobody" }
        do {
            let person = try SSHVerifier(signers).signer(
                of: statement.json.canonicalBytes, signature: signature, namespace: statement.action.namespace, at: time
            )
            return person == signer ? nil : "it is \(person)'s, and the entry says \(signer)"
        } catch {
            return "\(signer)'s does not hold: \((error as? any ExplainedError)?.reason ?? "\(error)")"
        }
    }
}

/// A policy or a correction of the clock in the ledger that nobody made who may.
struct UnprovedAct: ExplainedError, Hashable {
    let what: String
    let entry: Int64
    let explanation: String
    var doing: String { "go by the \(what) of" }
    var subject: String { "entry \(entry)" }
    var reason: String { "\(explanation): somebody else wrote it into the ledger" }
    var hint: String? { "bake audit --verify says what else; a backup from before: bake restore" }
    var exit: ExitCode { .damaged }
}
