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

    /// A gate that was asked, and what it said.
    public struct Gate: Hashable, Sendable {
        /// The policy's words, `after staging`.
        public let name: String
        /// Whether it was met.
        public let isMet: Bool
        /// What it was met by, or what is missing.
        public let explanation: String
        /// The command that meets it, where there is one.
        public let command: String?

        /// Describes a gate.
        public init(name: String, isMet: Bool, explanation: String, command: String? = nil) {
            self.name = name
            self.isMet = isMet
            self.explanation = explanation
            self.command = command
        }

        /// The record's members.
        public var json: JSON {
            .record([
                "name": .string(name), "met": .bool(isMet), "explanation": .string(explanation),
                "command": command.map(JSON.string),
            ])
        }

        init?(_ json: JSON) {
            guard let name = json["name"]?.string, let isMet = json["met"]?.bool,
                let explanation = json["explanation"]?.string, let command = json.optional("command", \.string)
            else { return nil }
            self.init(name: name, isMet: isMet, explanation: explanation, command: command)
        }
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

    /// Describes a move.
    public init(
        slot: Slot, direction: Direction, from: GenerationID?, to: GenerationID, image: Digest, commit: CommitID,
        policy: Digest?, gates: [Gate], reason: String?, isAutomatic: Bool
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
    }

    public var subjects: [Subject] { [.slot(slot)] }

    public var body: JSON {
        .record([
            "slot": .string(slot.description), "direction": .string(direction.rawValue),
            "from": from.map { .string($0.description) }, "to": .string(to.description),
            "image": .string(image.description), "commit": .string(commit.hex),
            "policy": policy.map { .string($0.description) }, "gates": .array(gates.map(\.json)),
            "reason": reason.map(JSON.string), "automatic": .bool(isAutomatic),
        ])
    }

    public init?(body: JSON) {
        guard let slot = body["slot"]?.string.flatMap({ Slot($0) }),
            let direction = body["direction"]?.string.flatMap(Direction.init), let to = body["to"]?.generation,
            let image = body["image"]?.namedDigest, let commit = body["commit"]?.string.flatMap({ CommitID($0) }),
            let gates = body["gates"]?.all(Gate.init), let isAutomatic = body["automatic"]?.bool,
            let from = body.optional("from", \.generation), let policy = body.optional("policy", \.namedDigest),
            let reason = body.optional("reason", \.string), to.pipeline == slot.pipeline
        else { return nil }
        self.init(
            slot: slot, direction: direction, from: from, to: to, image: image, commit: commit, policy: policy,
            gates: gates, reason: reason, isAutomatic: isAutomatic)
    }
}
