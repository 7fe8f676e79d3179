/// An operator put a policy in force.
public struct PolicyApplied: RecordedAct {
    public static let kind = "policy"

    /// The policy.
    public let policy: Policy

    /// Describes the act.
    public init(policy: Policy) { self.policy = policy }

    public var subjects: [Subject] { [.policy] }
    public var body: JSON { ["policy": policy.json, "digest": .string(policy.digest.description)] }
    public init?(body: JSON) {
        guard let json = body["policy"], let policy = Policy(json), body["digest"]?.namedDigest == json.digest
        else { return nil }
        self.policy = policy
    }
}
