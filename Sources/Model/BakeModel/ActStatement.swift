/// What a person signs: an act, bound to everything that it is about. Its canonical JSON is what is signed, byte for byte.
public struct ActStatement: Hashable, Sendable {
    /// What is done. Each has a namespace of its own, so that a signature of one is none of another.
    public enum Action: String, Hashable, Sendable, CaseIterable {
        /// A generation may enter an environment.
        case approve
        /// A generation is to enter an environment.
        case promote
        /// An image may not be promoted anywhere.
        case reject
        /// A promotion past its gates was looked at.
        case review
        /// A policy is to come into force.
        case policy
        /// The clock of the latest entries was ahead.
        case clock

        /// The namespace of its signatures (PROTOCOL.sshsig).
        public var namespace: String { "\(rawValue).bake" }
    }

    /// A generation that it is about.
    public struct Target: Hashable, Sendable {
        /// The slot that it is to enter; nil where every slot is meant.
        public let slot: Slot?
        /// The generation.
        public let generation: GenerationID
        /// Its image.
        public let image: Digest
        /// Its verdict; nil where it has none.
        public let verdict: Digest?

        /// Describes a target.
        public init(slot: Slot?, generation: GenerationID, image: Digest, verdict: Digest?) {
            self.slot = slot
            self.generation = generation
            self.image = image
            self.verdict = verdict
        }

        var json: JSON {
            .record([
                "slot": slot.map { .string($0.description) }, "generation": .string(generation.description),
                "image": .string(image.description), "verdict": verdict.map { .string($0.description) },
            ])
        }

        init?(_ json: JSON) {
            guard let members = json.members,
                Set(members.keys).isSubset(of: ["slot", "generation", "image", "verdict"]),
                let slot = json.optional("slot", { $0.string.flatMap { Slot($0) } }),
                let generation = json["generation"]?.generation, let image = json["image"]?.namedDigest,
                let verdict = json.optional("verdict", \.namedDigest)
            else { return nil }
            self.init(slot: slot, generation: generation, image: image, verdict: verdict)
        }
    }

    /// What is done.
    public let action: Action
    /// The store for which it holds, and no other.
    public let store: String
    /// What the signer's clock said.
    public let time: Timestamp
    /// Why, in the signer's words.
    public let reason: String?
    /// The policy under which it holds; for `policy` the one that is to come into force.
    public let policy: Digest?
    /// The entry that is reviewed; for `policy` the entry of the policy before, for `clock` the latest one.
    public let entry: Int64?
    /// What it is about.
    public let targets: [Target]

    /// Describes a statement.
    public init(
        action: Action, store: String, time: Timestamp, reason: String?, policy: Digest?, entry: Int64? = nil,
        targets: [Target]
    ) {
        self.action = action
        self.store = store
        self.time = time
        self.reason = reason
        self.policy = policy
        self.entry = entry
        self.targets = targets
    }

    private static let schema = "bake/statement/1"

    /// The record's value.
    public var json: JSON {
        .record([
            "schema": .string(Self.schema), "action": .string(action.rawValue), "store": .string(store),
            "time": .string(time.description), "reason": reason.map(JSON.string),
            "policy": policy.map { .string($0.description) }, "entry": entry.map(JSON.number),
            "targets": .array(targets.map(\.json)),
        ])
    }

    /// Reads what `json` wrote. An unknown member is refused: the signer may have meant something by it.
    public init?(_ json: JSON) {
        guard let members = json.members,
            Set(members.keys)
                .isSubset(of: ["schema", "action", "store", "time", "reason", "policy", "entry", "targets"]),
            json["schema"]?.string == Self.schema, let action = json["action"]?.string.flatMap(Action.init),
            let store = json["store"]?.string, let time = json["time"]?.string.flatMap({ Timestamp($0) }),
            let reason = json.optional("reason", \.string), let policy = json.optional("policy", \.namedDigest),
            let entry = json.optional("entry", \.number), let targets = json["targets"]?.all(Target.init)
        else { return nil }
        self.init(
            action: action, store: store, time: time, reason: reason, policy: policy, entry: entry, targets: targets)
    }
}

/// A statement with the signature under it, as it was when it was verified.
public struct SignedStatement: Hashable, Sendable {
    /// What was signed.
    public let statement: ActStatement
    /// Who signed: a person of the policy's signers.
    public let signer: String
    /// The signature as ssh-keygen writes it, armoured.
    public let signature: String

    /// Describes a signed statement.
    public init(statement: ActStatement, signer: String, signature: String) {
        self.statement = statement
        self.signer = signer
        self.signature = signature
    }

    /// Whether another one says the same, signed by the same person: both are one signature then, however it is written.
    public func repeats(_ other: SignedStatement) -> Bool {
        signer == other.signer && statement == other.statement
    }

    /// The record's value.
    public var json: JSON {
        ["statement": statement.json, "signer": .string(signer), "signature": .string(signature)]
    }

    /// Reads what `json` wrote.
    public init?(_ json: JSON) {
        guard let statement = json["statement"].flatMap(ActStatement.init), let signer = json["signer"]?.string,
            let signature = json["signature"]?.string
        else { return nil }
        self.init(statement: statement, signer: signer, signature: signature)
    }
}
