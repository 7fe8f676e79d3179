import BakeModel

/// A time during which a slot had exactly the packages of one list.
public struct PackageSpan: Hashable, Sendable {
    /// Which slot.
    public let slot: Slot
    /// From when on.
    public let since: Timestamp
    /// Until when; nil where it still has them.
    public let until: Timestamp?
    /// The entry that brought them.
    public let entry: Int64
    /// The entry that ended it; nil where it still has them.
    public let end: Int64?
    /// The generation that came first with them.
    public let first: GenerationID
    /// The one that came last.
    public let last: GenerationID

    /// Describes a span.
    public init(
        slot: Slot, since: Timestamp, until: Timestamp?, entry: Int64, end: Int64?, first: GenerationID,
        last: GenerationID
    ) {
        self.slot = slot
        self.since = since
        self.until = until
        self.entry = entry
        self.end = end
        self.first = first
        self.last = last
    }

    /// Both as one, where the other begins with the entry that ends this one.
    public func joined(with next: PackageSpan) -> PackageSpan? {
        guard slot == next.slot, end == next.entry else { return nil }
        return PackageSpan(
            slot: slot, since: since, until: next.until, entry: entry, end: next.end, first: first, last: next.last)
    }
}

/// A list of packages that generations have.
public struct PackageListUse: Hashable, Sendable {
    /// The list's blob.
    public let list: Digest
    /// How many generations have exactly these packages.
    public let generations: Int64
    /// How many of them were ever promoted.
    public let promoted: Int64
}
