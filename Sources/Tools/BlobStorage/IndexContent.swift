/// What a store's index says of bake's own, as a function of a ledger whose entries are numbered: asked in parts, so that
/// an index of many names costs no more than what is new.
public struct IndexContent {
    /// Which names are bake's.
    public let owns: (String) -> Bool
    /// The number of the ledger's latest entry.
    public let latest: () throws -> Int64
    /// The names that stay as they are once they are there: those that entries behind one number, and up to another, made;
    /// in the order of the entries.
    public let lasting: (_ after: Int64, _ through: Int64) throws -> [IndexEntry]
    /// The names that other entries change.
    public let moving: () throws -> [IndexEntry]

    /// Describes a ledger's part of an index.
    public init(
        owns: @escaping (String) -> Bool, latest: @escaping () throws -> Int64,
        lasting: @escaping (_ after: Int64, _ through: Int64) throws -> [IndexEntry],
        moving: @escaping () throws -> [IndexEntry]
    ) {
        self.owns = owns
        self.latest = latest
        self.lasting = lasting
        self.moving = moving
    }
}
