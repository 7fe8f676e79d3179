import BakeModel
import Glibc
import LinuxSystem

/// A value that a node makes and the cache keeps.
public protocol StageValue: Sendable {
    /// The value as kept.
    var json: JSON { get }
    /// Reads what `json` wrote; nil where it is something else.
    init?(_ json: JSON)
}

/// Results by key, and the last key of every node. It may be deleted at any time, also while bakes run.
public struct StageCache: Sendable {
    private let directory: String
    private let sharing: Sharing
    private static let limit = 64 << 20

    /// Keeps results below a directory, which is made where it is missing, and shared as the one above it.
    public init(directory: String) throws {
        self.directory = directory
        sharing = .around(directory)
        for part in ["results", "last", "locks"] {
            try DurableFile.makeDirectories("\(directory)/\(part)", sharing: sharing)
        }
    }

    /// Looks into a cache without making anything; one that is not there is empty.
    public init(reading directory: String) {
        self.directory = directory
        sharing = .none
    }

    /// The result kept under a key; nil where there is none, or where it cannot be read: then it is made again.
    func value<Value: StageValue>(for key: StageKey, as type: Value.Type) -> Value? {
        read("results/\(key.digest.hex)").flatMap { $0["value"] }.flatMap(Value.init)
    }

    /// Keeps a result.
    func keep(_ value: some StageValue, for key: StageKey) throws {
        let record = JSON.record(["key": key.json, "value": value.json])
        try write(record, to: "results/\(key.digest.hex)")
    }

    /// The key that a node had when it was last settled; nil for a node that never was.
    func lastKey(of node: String) -> StageKey? { read(Self.last(node)).flatMap(StageKey.init) }

    /// Remembers the key of a node, for the next run's `why`. A key that is remembered is not written again.
    func remember(_ key: StageKey, of node: String) throws {
        let known = try? DurableFile.read("\(directory)/\(Self.last(node))", limit: Self.limit)
        if known != key.json.canonicalBytes { try write(key.json, to: Self.last(node)) }
    }

    /// Waits until no other process makes the same result, and keeps others waiting while the lock lives.
    func lock(_ key: StageKey) throws -> FileLock {
        try FileLock.exclusive("\(directory)/locks/\(key.digest.hex)")
    }

    private static func last(_ node: String) -> String { "last/\(Digest.of(Array(node.utf8)).hex)" }

    private func read(_ name: String) -> JSON? {
        guard let bytes = try? DurableFile.read("\(directory)/\(name)", limit: Self.limit) else { return nil }
        return try? JSON(parsing: bytes)
    }

    private func write(_ json: JSON, to name: String) throws {
        try DurableFile.replace("\(directory)/\(name)", with: json.canonicalBytes, sharing: sharing)
    }
}
