/// An operator put a policy in force.
public struct PolicyApplied: RecordedAct {
    public static let kind = "policy"

    /// The policy.
    public let policy: Policy
    /// The operator's signature; nil where the store has no operators.
    public let signed: SignedStatement?

    /// Describes the act.
    public init(policy: Policy, signed: SignedStatement? = nil) {
        self.policy = policy
        self.signed = signed
    }

    public var subjects: [Subject] { [.policy] }
    public var body: JSON {
        .record([
            "policy": policy.json, "digest": .string(policy.digest.description), "signed": signed?.json,
        ])
    }
    public init?(body: JSON) {
        guard let json = body["policy"], let policy = Policy(json), body["digest"]?.namedDigest == json.digest,
            let signed = body.optional("signed", SignedStatement.init)
        else { return nil }
        self.init(policy: policy, signed: signed)
    }
}
