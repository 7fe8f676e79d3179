/// One thing that happened, as the ledger keeps it: numbered, chained to the one before, never changed.
public struct Entry: Hashable, Sendable {
    /// Its number, from 1 on: the order of everything.
    public let sequence: Int64
    /// The hash of the entry before; nil for the first.
    public let previous: Digest?
    /// When, in UTC; never earlier than the entry before, but where a clock that was ahead is corrected.
    public let time: Timestamp
    /// What the machine's clock said, even where it had jumped back.
    public let clock: Timestamp
    /// Who did it.
    public let actor: Actor
    /// What happened, and everything about it.
    public let act: Act

    /// Describes an entry.
    public init(
        sequence: Int64, previous: Digest?, time: Timestamp, clock: Timestamp, actor: Actor, act: Act
    ) {
        self.sequence = sequence
        self.previous = previous
        self.time = time
        self.clock = clock
        self.actor = actor
        self.act = act
    }

    /// By how many milliseconds the clocks of machines that share a store may differ.
    public static let clockTolerance: Int64 = 120_000

    /// What the clock said where it was behind the entry before, and not by a little: then nobody knows the time, but that it
    /// was not earlier than `time`. Nil where it was right.
    public var slowClock: Timestamp? {
        time.milliseconds - clock.milliseconds > Self.clockTolerance ? clock : nil
    }

    /// The line that is stored and exported; its SHA-256 is the entry's hash.
    public var json: JSON {
        .record([
            "seq": .number(sequence), "prev": previous.map { .string($0.description) },
            "time": .string(time.description), "clock": .string(clock.description), "actor": actor.json,
            "kind": .string(act.kind), "subjects": .array(act.subjects.map { .string($0.text) }), "body": act.body,
        ])
    }

    /// Reads what `json` wrote; nil where a member is missing or malformed.
    public init?(_ json: JSON) {
        guard let sequence = json["seq"]?.number,
            let time = json["time"]?.string.flatMap({ Timestamp($0) }),
            let clock = json["clock"]?.string.flatMap({ Timestamp($0) }),
            let actor = json["actor"].flatMap(Actor.init), let kind = json["kind"]?.string,
            let subjects = json["subjects"]?.items?.compactMap({ $0.string.map(Subject.init) }),
            let body = json["body"]
        else { return nil }
        let previous = json["prev"]?.string
        guard previous == nil || Digest(previous ?? "") != nil else { return nil }
        self.init(
            sequence: sequence, previous: previous.flatMap { Digest($0) }, time: time, clock: clock, actor: actor,
            act: Act(kind: kind, subjects: subjects, body: body))
    }
}

/// What happened, before it has a number: a kind, what it is about, and a body.
public struct Act: Hashable, Sendable {
    /// What kind of thing, `promotion`.
    public let kind: String
    /// What it moves: the things whose latest entry this becomes.
    public let subjects: [Subject]
    /// Everything about it.
    public let body: JSON

    /// Describes an act.
    public init(kind: String, subjects: [Subject], body: JSON) {
        self.kind = kind
        self.subjects = subjects
        self.body = body
    }
}

/// A thing that entries move, such as the slot `web:production` or the numbering of `web`. Each has a head: the number
/// of its latest entry. An append may demand that a head has not moved.
public struct Subject: Hashable, Sendable {
    /// `slot/web:production`, `pipeline/web`, `policy`.
    public let text: String

    init(_ text: String) { self.text = text }

    /// What an environment holds of a pipeline.
    public static func slot(_ slot: Slot) -> Subject { Subject("slot/\(slot)") }
    /// The numbering and the source of a pipeline.
    public static func pipeline(_ name: PipelineName) -> Subject { Subject("pipeline/\(name)") }
    /// What people signed about a slot.
    public static func approvals(_ slot: Slot) -> Subject { Subject("approvals/\(slot)") }
    /// What was found out about an image after it was baked.
    public static func image(_ digest: Digest) -> Subject { Subject("image/\(digest)") }
    /// Whether it is an image.
    public var isImage: Bool { text.hasPrefix("image/") }
    /// Whether an environment takes promotions.
    public static func environment(_ name: EnvironmentName) -> Subject { Subject("environment/\(name)") }
    /// Whether any environment takes promotions.
    public static let environments = Subject("environments")
    /// The policy of the store.
    public static let policy = Subject("policy")
    /// What time it is.
    public static let clock = Subject("clock")
    /// The store itself.
    public static let store = Subject("store")
}
