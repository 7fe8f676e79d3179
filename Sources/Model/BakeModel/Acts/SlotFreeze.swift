/// A slot was closed to promotions, or opened again.
public struct SlotFreeze: RecordedAct {
    public static let kind = "freeze"

    /// Which slot.
    public let slot: Slot
    /// Whether it is closed now.
    public let isFrozen: Bool
    /// Why: `rolled back from 42`, or the words of who did it.
    public let reason: String?

    /// Describes a freeze or a thaw.
    public init(slot: Slot, isFrozen: Bool, reason: String?) {
        self.slot = slot
        self.isFrozen = isFrozen
        self.reason = reason
    }

    public var subjects: [Subject] { [.slot(slot)] }

    public var body: JSON {
        .record([
            "slot": .string(slot.description), "frozen": .bool(isFrozen), "reason": reason.map(JSON.string),
        ])
    }

    public init?(body: JSON) {
        guard let slot = body["slot"]?.string.flatMap({ Slot($0) }), let isFrozen = body["frozen"]?.bool,
            let reason = body.optional("reason", \.string)
        else { return nil }
        self.init(slot: slot, isFrozen: isFrozen, reason: reason)
    }
}
