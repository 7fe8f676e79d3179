/// The store was made: the first entry of every ledger.
public struct StoreCreation: RecordedAct {
    public static let kind = "store"

    /// What tells this store from all others: 32 random hexadecimal digits.
    public let store: String

    /// Names a store.
    public init(store: String) { self.store = store }

    public var subjects: [Subject] { [.store] }
    public var body: JSON { ["store": .string(store)] }
    public init?(body: JSON) {
        guard let store = body["store"]?.string else { return nil }
        self.store = store
    }
}
