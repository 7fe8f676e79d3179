import BakeModel
import LedgerDatabase
import SSHSignatures

extension EnvironmentPromotion {
    /// Records that the clock of the latest entries was ahead: times begin anew at what the clock says now, and nothing
    /// that stands before counts as later than that. Where the policy has operators, one of them signs.
    /// - Returns: what was found and the number of the entry, nil for a dry run; nothing where no entry is ahead.
    /// - Throws: `ClockError`, `StatementError`; `LedgerError.lostRace` where another correction came first.
    public func correctClock(
        reason: String, for request: Request
    ) throws -> (correction: ClockCorrection, entry: Int64?)? {
        try confirmOperators()
        let (policy, store, head, latest) = try ledger.read { transaction in
            (
                try Self.policy(in: transaction), try Self.store(in: transaction), try transaction.head(of: .clock),
                try transaction.entry(try transaction.latest)
            )
        }
        guard latest.time > request.clock else { return nil }
        let first = try firstEntry(after: request.clock, since: head ?? 0, latest: latest.sequence)
        guard first > 1 else { throw ClockError.behindCreation(request.clock) }
        let signed = try request.signer.map { signer in
            let statement = ActStatement(
                action: .clock, store: store, time: request.clock, reason: reason, policy: policy.digest,
                entry: latest.sequence, targets: [])
            return try Self.signed(statement, by: signer, signers: policy.signers, at: request.clock)
        }
        try policy.admitCorrection(by: signed?.signer)
        let correction = ClockCorrection(first: first, ahead: latest.time, reason: reason, signed: signed)
        return (
            correction, try append([correction], expecting: [.clock: head], for: request.signed(by: signed?.signer))
        )
    }

    /// The first entry whose time is after another. Times do not decrease from one correction to the next.
    private func firstEntry(after time: Timestamp, since correction: Int64, latest: Int64) throws -> Int64 {
        var range = max(1, correction)...latest
        while range.lowerBound < range.upperBound {
            let middle = range.lowerBound + (range.upperBound - range.lowerBound) / 2
            let isAfter = try ledger.entries(from: middle, limit: 1).contains { $0.time > time }
            range = isAfter ? range.lowerBound...middle : (middle + 1)...range.upperBound
        }
        return range.lowerBound
    }
}

extension ClockCorrection {
    /// Why it moves no time: where there are operators, one of them signs that the clock was ahead, and signs it there.
    /// - Parameters:
    ///   - policy: the one in force.
    ///   - signers: whose signatures count.
    ///   - corrected: the entry of the correction before; 0 for the first.
    /// - Returns: nil where it does.
    public func problem(
        by policy: Policy, trusting signers: AllowedSigners?, of store: String, since corrected: Int64, _ entry: Entry
    ) -> String? {
        guard let signed else {
            return policy.operators.isEmpty ? nil : "no operator signed this correction of the clock"
        }
        if let problem = signed.problem(by: signers, of: store, at: entry.time) { return problem }
        // One that was signed before the last correction was not meant for what came since.
        let isHere = signed.statement.entry.map { ($0 >= corrected) && $0 < entry.sequence } ?? false
        if signed.statement.action != .clock || !isHere { return "what is signed is not this correction, or not here" }
        let isOperator = policy.operators.isEmpty || policy.operators.contains(signed.signer)
        return isOperator ? nil : "\(signed.signer) is no operator"
    }
}

extension Policy {
    /// Refuses who is no operator, where there are some.
    fileprivate func admitCorrection(by signer: String?) throws {
        guard !operators.isEmpty else { return }
        guard let signer else { throw StatementError.unsignedCorrection(operators: operators) }
        guard operators.contains(signer) else {
            throw StatementError.notAmong(signer, what: "corrections of the clock are signed by", people: operators)
        }
    }
}

/// Why a clock is not taken for the right one.
public enum ClockError: ExplainedError, Hashable {
    /// It is before the store was made.
    case behindCreation(Timestamp)

    public var doing: String { "correct the clock" }
    public var subject: String { "of this store" }
    public var reason: String {
        switch self {
        case .behindCreation(let clock): "this machine's clock says \(clock), before the store was made"
        }
    }
    public var hint: String? { "timedatectl status" }
    public var exit: ExitCode { .refused }
}
