import BakeModel

/// The people whom the policies of a store knew, one policy after the other.
struct SignersHistory {
    private var spans: [(first: Int64, people: String)] = []

    /// Reads the ledger.
    /// - Parameter last: the number of the last entry that is asked about.
    init(store: BakeStore, through last: Int64) throws {
        var next: Int64 = 1
        var policy = Policy.empty
        while next <= last, case let entries = try store.ledger.entries(from: next, limit: 1000), let end = entries.last
        {
            for entry in entries {
                guard let applied = try PolicyApplied(entry) else { continue }
                // A policy is signed by an operator of the one before; the first that has operators, by one of its own.
                let judge = policy.operators.isEmpty ? applied.policy : policy
                spans.append((entry.sequence, Self.people(of: judge)))
                policy = applied.policy
                spans.append((entry.sequence + 1, Self.people(of: policy)))
            }
            next = end.sequence + 1
        }
    }

    private static func people(of policy: Policy) -> String { policy.json["signers"]?.string ?? "" }

    /// Who was known when an entry came, as `allowed_signers` has it; empty before the first policy.
    func people(at entry: Int64) -> String { spans.last { $0.first <= entry }?.people ?? "" }
}
