import BakeModel

/// A time when a slot had an image already.
public struct EarlierStay: Hashable, Sendable {
    /// Which slot.
    public let slot: Slot
    /// The number under which the image came there first.
    public let generation: GenerationID
    /// The entry that brought it.
    public let entry: Int64
    /// Whether a rollback would reach it.
    public let isBelow: Bool
}
