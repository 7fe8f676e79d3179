import BakeModel
import EnvironmentPromotion

/// The people whom the policies of a store knew, one policy after the other.
struct SignersHistory {
    private var spans: [(first: Int64, people: String)] = []

    /// Reads the policies alone.
    /// - Parameter last: the number of the last entry that is asked about.
    init(store: BakeStore, through last: Int64) throws {
        var policy = Policy.empty
        for (entry, applied) in try store.promotion.policies(through: last) {
            spans.append((entry, Self.people(of: policy.judge(of: applied))))
            policy = applied
            spans.append((entry + 1, Self.people(of: policy)))
        }
    }

    private static func people(of policy: Policy) -> String { policy.json["signers"]?.string ?? "" }

    /// Who was known when an entry came, as `allowed_signers` has it; empty before the first policy.
    func people(at entry: Int64) -> String { spans.last { $0.first <= entry }?.people ?? "" }
}
