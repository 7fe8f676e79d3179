import BakeModel
import LedgerDatabase
import SSHSignatures

/// Why something that was signed is not taken.
public enum StatementError: ExplainedError, Hashable {
    /// The policy in force names nobody whose signature counts.
    case noSigners
    /// Nobody could put another policy in force afterwards.
    case noOperatorLeft([String])
    /// The store has operators, and none of them signed.
    case unsignedPolicy(operators: [String])
    /// The store has operators, and none of them signed the correction of the clock.
    case unsignedCorrection(operators: [String])
    /// Somebody signed whose word does not count here.
    case notAmong(String, what: String, people: [String])
    /// Somebody looks at broken glass whom their part in it bars, and too few are left.
    case nobodyToLook(String, part: String, LackOfLookers)
    /// Whether somebody had a part in what they look at cannot be told, and why.
    case unknownPart(String, String)
    /// The environment asks for no approval, and nothing was done past its gates.
    case nothingToApprove(Slot)
    /// The image is rejected.
    case rejected(GenerationID, entry: Int64, reason: String)
    /// The statement is not what is asked for; what differs.
    case foreign(String)
    /// The very signature was taken before.
    case used(entry: Int64)
    /// Nobody signs.
    case nobodySigns

    public var doing: String {
        switch self {
        case .unsignedPolicy, .noOperatorLeft: "put the policy in force"
        case .unsignedCorrection: "correct the clock"
        case .rejected: "approve"
        default: "accept"
        }
    }

    public var subject: String {
        switch self {
        case .notAmong(let person, _, _), .unknownPart(let person, _), .nobodyToLook(let person, _, _):
            "\(person)'s signature"
        case .nothingToApprove(let slot): slot.description
        case .rejected(let generation, _, _): generation.description
        case .unsignedPolicy, .unsignedCorrection, .noOperatorLeft: "of this store"
        case .noSigners, .foreign, .used, .nobodySigns: "the signature"
        }
    }

    public var reason: String {
        switch self {
        case .noSigners: "the policy names nobody whose signature counts"
        case .noOperatorLeft(let operators):
            "no key of its operators is valid any more, and nobody could replace it: \(operators.joined(separator: ", "))"
        case .unsignedPolicy(let operators):
            "this store's policy is signed by an operator: \(operators.joined(separator: ", "))"
        case .unsignedCorrection(let operators):
            "it moves soaks and windows, so an operator signs it: \(operators.joined(separator: ", "))"
        case .notAmong(_, let what, let people): "\(what): \(people.joined(separator: ", "))"
        case .nobodyToLook(_, let part, let lack): "\(part); \(lack.explanation)"
        case .unknownPart(_, let problem): problem
        case .nothingToApprove: "it asks for no approval, and nothing there waits for a second person"
        case .rejected(_, let entry, let reason): "it was rejected in entry \(entry): \(reason)"
        case .foreign(let what): "the statement is of something else: \(what)"
        case .used(let entry): "this very signature was taken in entry \(entry); one signature counts once"
        case .nobodySigns: "no key was given"
        }
    }

    public var hint: String? {
        switch self {
        case .noSigners: "signers: allowed_signers in the policy, then bake env apply FILE"
        case .unsignedPolicy: "bake env apply FILE --sign KEY"
        case .unsignedCorrection: "bake env clock --reason TEXT --sign KEY"
        case .nobodySigns: "--key ~/.ssh/id_ed25519, or $BAKE_SSH_KEY"
        case .foreign, .used: "bake approve … --print writes the statement to sign"
        case .nobodyToLook(_, _, let lack): lack.hint
        case .notAmong, .unknownPart, .nothingToApprove, .rejected, .noOperatorLeft: nil
        }
    }

    public var exit: ExitCode {
        switch self {
        case .nothingToApprove, .nobodySigns, .noOperatorLeft: .usage
        default: .refused
        }
    }
}

extension EnvironmentPromotion {
    /// A statement of the requester's, signed and verified; nil where they sign nothing.
    func sign(
        _ action: ActStatement.Action, _ targets: [ActStatement.Target], for request: Request
    ) throws -> SignedStatement? {
        guard let signer = request.signer else { return nil }
        let (policy, store, now) = try ledger.read {
            (try Self.policy(in: $0), try Self.store(in: $0), try Self.now(request.clock, in: $0))
        }
        let statement = ActStatement(
            action: action, store: store, time: now, reason: request.reason, policy: policy.digest, targets: targets)
        return try Self.signed(statement, by: signer, signers: policy.signers, at: now)
    }

    /// Has a statement signed, and verifies at once: what would not count later is told now.
    static func signed(
        _ statement: ActStatement, by signer: SSHSigner, signers: AllowedSigners?, at now: Timestamp
    ) throws -> SignedStatement {
        let bytes = statement.json.canonicalBytes
        let signature = try signer.sign(bytes, namespace: statement.action.namespace)
        return try verified(statement, signature, signers: signers, at: now)
    }

    static func verified(
        _ statement: ActStatement, _ signature: String, signers: AllowedSigners?, at now: Timestamp
    ) throws -> SignedStatement {
        guard let signers else { throw StatementError.noSigners }
        let person = try SSHVerifier(signers).signer(
            of: statement.json.canonicalBytes, signature: signature, namespace: statement.action.namespace, at: now)
        return SignedStatement(statement: statement, signer: person, signature: signature)
    }
}
