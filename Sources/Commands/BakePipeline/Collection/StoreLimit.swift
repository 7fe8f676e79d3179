import BakeModel
import BlobStorage
import LinuxSystem

/// The policy's `max_size`, held after every bake that wrote something.
public struct StoreLimit: Sendable {
    private let path: String
    private let program: HelperProgram
    private let clock: @Sendable () -> Timestamp

    /// Watches over the store at a path.
    public init(_ path: String, program: HelperProgram, clock: @escaping @Sendable () -> Timestamp) {
        self.path = path
        self.program = program
        self.clock = clock
    }

    /// Whether the blobs have more bytes than the policy allows. Asked of a store that is open: most have no limit, and need
    /// not be opened again to hold it.
    public static func isExceeded(in store: BakeStore) throws -> Bool { try exceeded(in: store) != nil }

    /// The limit; nil where there is none, or it is kept.
    private static func exceeded(in store: BakeStore) throws -> UInt64? {
        guard let most = try store.promotion.policy().maxSize,
            try store.blobs.list().reduce(0, { $0 + $1.size }) > most
        else { return nil }
        return most
    }

    /// Collects where the blobs have more bytes than the policy allows.
    /// - Returns: what went; nil where there is no limit, or it is kept.
    /// - Throws: `CollectionFault.tooMuchKept` where what must stay is larger than the limit.
    public func hold(by actor: Actor) throws -> StoreCollection.Outcome? {
        let store = try BakeStore.openForCollection(path, program: program)
        defer { store.restoreReserve() }
        guard let most = try Self.exceeded(in: store) else { return nil }
        return try StoreCollection(store, rules: CollectionRules(most: most), clock: clock).run(by: actor)
    }
}
