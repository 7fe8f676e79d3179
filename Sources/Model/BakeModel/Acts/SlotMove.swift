/// A generation entered an environment, or came back to it.
public struct SlotMove: RecordedAct {
    public static let kind = "move"

    /// Which way a slot moved.
    public enum Direction: String, Hashable, Sendable {
        /// A generation was put on top.
        case promote
        /// What was on top was taken off, down to a generation that had been there.
        case rollback
    }

    /// Which slot.
    public let slot: Slot
    /// Which way.
    public let direction: Direction
    /// What it held; nil where it was empty.
    public let from: GenerationID?
    /// What it holds now.
    public let to: GenerationID
    /// The image of that generation.
    public let image: Digest
    /// The commit of that generation.
    public let commit: CommitID
    /// The policy by which it was judged; nil for rollbacks, which no policy judges.
    public let policy: Digest?
    /// The gates that were met.
    public let gates: [Gate]
    /// Why, in the words of who did it.
    public let reason: String?
    /// Whether the policy's `auto` moved it, and no person.
    public let isAutomatic: Bool
    /// Why it was made although gates are unmet; nil where all are met.
    public let brokenGlass: String?
    /// What stood when it was promoted; nil for rollbacks.
    public let facts: PromotionFacts?
    /// The signature of who promoted, where they signed.
    public let signed: SignedStatement?

    /// Describes a move.
    public init(
        slot: Slot, direction: Direction, from: GenerationID?, to: GenerationID, image: Digest, commit: CommitID,
        policy: Digest?, gates: [Gate], reason: String?, isAutomatic: Bool, brokenGlass: String? = nil,
        facts: PromotionFacts? = nil, signed: SignedStatement? = nil
    ) {
        self.slot = slot
        self.direction = direction
        self.from = from
        self.to = to
        self.image = image
        self.commit = commit
        self.policy = policy
        self.gates = gates
        self.reason = reason
        self.isAutomatic = isAutomatic
        self.brokenGlass = brokenGlass
        self.facts = facts
        self.signed = signed
    }

    public var subjects: [Subject] { [.slot(slot)] }

    public var body: JSON {
        .record([
            "slot": .string(slot.description), "direction": .string(direction.rawValue),
            "from": from.map { .string($0.description) }, "to": .string(to.description),
            "image": .string(image.description), "commit": .string(commit.hex),
            "policy": policy.map { .string($0.description) }, "gates": .array(gates.map(\.json)),
            "reason": reason.map(JSON.string), "automatic": .bool(isAutomatic),
            "broken-glass": brokenGlass.map(JSON.string), "facts": facts?.json, "signed": signed?.json,
        ])
    }

    public init?(body: JSON) {
        guard let slot = body["slot"]?.string.flatMap({ Slot($0) }),
            let direction = body["direction"]?.string.flatMap(Direction.init), let to = body["to"]?.generation,
            let image = body["image"]?.namedDigest, let commit = body["commit"]?.string.flatMap({ CommitID($0) }),
            let gates = body["gates"]?.all(Gate.init), let isAutomatic = body["automatic"]?.bool,
            let from = body.optional("from", \.generation), let policy = body.optional("policy", \.namedDigest),
            let reason = body.optional("reason", \.string), let brokenGlass = body.optional("broken-glass", \.string),
            let facts = body.optional("facts", PromotionFacts.init),
            let signed = body.optional("signed", SignedStatement.init), to.pipeline == slot.pipeline
        else { return nil }
        self.init(
            slot: slot, direction: direction, from: from, to: to, image: image, commit: commit, policy: policy,
            gates: gates, reason: reason, isAutomatic: isAutomatic, brokenGlass: brokenGlass, facts: facts,
            signed: signed)
    }
}
