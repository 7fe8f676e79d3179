import BakeModel

/// A time during which a slot held a generation, with everything that an auditor asks of it.
public struct AuditSpan: Hashable, Sendable {
    /// Which slot.
    public let slot: Slot
    /// From when on; where a clock was ahead, not later than that.
    public let since: Timestamp
    /// Until when; nil where it still is there.
    public let until: Timestamp?
    /// How it came there: who moved it, why, past which gates.
    public let move: SlotMove
    /// What the entry says of the time where a later one corrected the clock: then it came there some time before `since`.
    public let wrongTime: Timestamp?
    /// What the machine's clock said where it was behind: then it came there at `since` or later.
    public let slowClock: Timestamp?
    /// The number of that entry.
    public let entry: Int64
    /// Who did it.
    public let actor: Actor
    /// What it was.
    public let generation: GenerationRecord

    /// The span as a record.
    public var json: JSON {
        .record([
            "slot": .string(slot.description), "generation": .string(generation.id.description),
            "image": .string(generation.image.description), "since": .string(since.description),
            "until": until.map { .string($0.description) }, "commit": generation.commit.json,
            "source": .string(generation.source), "verdict": generation.verdict?.json,
            "direction": .string(move.direction.rawValue), "automatic": .bool(move.isAutomatic),
            "reason": move.reason.map(JSON.string), "gates": .array(move.gates.map(\.json)), "actor": actor.json,
            "entry": .number(entry), "wrong-time": wrongTime.map { .string($0.description) },
            "clock": slowClock.map { .string($0.description) },
        ])
    }
}
