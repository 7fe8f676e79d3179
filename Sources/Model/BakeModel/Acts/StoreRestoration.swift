/// The store was made again from a backup. What came after that backup, in the store that was lost, is not here: whoever
/// holds a checkpoint of it finds this entry where another one was.
public struct StoreRestoration: RecordedAct {
    public static let kind = "restore"

    /// How many entries the backup had.
    public let entries: Int64
    /// When the last of them was made.
    public let latest: Timestamp

    /// Describes a restoration.
    public init(entries: Int64, latest: Timestamp) {
        self.entries = entries
        self.latest = latest
    }

    public var subjects: [Subject] { [.store] }

    public var body: JSON { ["entries": .number(entries), "latest": .string(latest.description)] }

    public init?(body: JSON) {
        guard let entries = body["entries"]?.number, let latest = body["latest"]?.string.flatMap({ Timestamp($0) })
        else { return nil }
        self.init(entries: entries, latest: latest)
    }
}
