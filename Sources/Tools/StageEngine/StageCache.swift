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

/// Results by key with what went into them, and the last run of every node. It may be deleted at any time, also while
/// bakes run.
public struct StageCache: Sendable {
    private let directory: String
    private let sharing: Sharing
    private static let limit = 64 << 20

    /// A node's last run.
    struct LastRun: Equatable, Sendable {
        /// The digest of everything that went in.
        let key: Digest
        /// How long its result took to make, whenever that was; nil where nobody knows.
        let milliseconds: Int64?
    }

    /// Keeps results below a directory, which is made where it is missing, and shared as the one above it.
    public init(directory: String) throws {
        self.directory = directory
        sharing = .around(directory)
        for part in ["results", "keys", "shorthands", "last", "locks"] {
            try DurableFile.makeDirectories("\(directory)/\(part)", sharing: sharing)
        }
    }

    /// Looks into a cache without making anything; one that is not there is empty.
    public init(reading directory: String) {
        self.directory = directory
        sharing = .none
    }

    /// The list of inputs whose digest that is, of a result or of a run that failed; nil where the cache has it no more.
    public func key(_ digest: Digest) -> StageKey? {
        read(Self.key(digest)).flatMap { StageKey($0) }.flatMap { $0.digest == digest ? $0 : nil }
    }

    /// The result kept under a key, and how long it took to make; nil where there is none, or where it cannot be read:
    /// then it is made again.
    func result<Value: StageValue>(
        for key: Digest, as type: Value.Type
    ) -> (value: Value, milliseconds: Int64?)? {
        guard let record = read(Self.result(key)), let value = record["value"].flatMap(Value.init) else {
            return nil
        }
        return (value, record["milliseconds"]?.number)
    }

    /// Keeps a result, in place of the one that is there.
    func keep(_ value: some StageValue, milliseconds: Int64, for key: StageKey) throws {
        try note(key)
        try write(["value": value.json, "milliseconds": .number(milliseconds)], to: Self.result(key.digest))
    }

    /// Keeps what went into a run. Apart from its result, which is read far more often.
    func note(_ key: StageKey) throws {
        let name = Self.key(key.digest)
        if access("\(directory)/\(name)", F_OK) != 0 { try write(key.json, to: name) }
    }

    /// The digest of the key that was made from a shorthand; nil where none was, or the cache has it no more.
    func key(of shorthand: StageKey) -> Digest? {
        read(Self.shorthand(shorthand.digest))?.string.flatMap { Digest($0) }
    }

    /// Remembers which key was made from a shorthand.
    func note(_ shorthand: StageKey, of key: Digest) throws {
        try write(.string(key.description), to: Self.shorthand(shorthand.digest))
    }

    /// The last run in which a node was settled; nil for a node that never was.
    func last(of node: String) -> LastRun? {
        guard let record = read(Self.last(node)), let key = record["key"]?.string.flatMap({ Digest($0) }) else {
            return nil
        }
        return LastRun(key: key, milliseconds: record["milliseconds"]?.number)
    }

    /// The results of every node's last run that are still kept.
    public func lastResults<Value: StageValue>(as type: Value.Type) -> [Value] {
        let names = DirectoryListing.namesIfThere(in: "\(directory)/last")
        return names.compactMap { name in
            let key = read("last/\(name)")?["key"]?.string.flatMap { Digest($0) }
            return key.flatMap { result(for: $0, as: type)?.value }
        }
    }

    /// Remembers a node's last run, for the next one's `why` and for its place in the queue.
    func remember(_ run: LastRun, of node: String) throws {
        let record = JSON.record([
            "key": .string(run.key.description), "milliseconds": run.milliseconds.map(JSON.number),
        ])
        try write(record, to: Self.last(node))
    }

    /// Waits until no other process makes the same result, and keeps others waiting while the lock lives.
    func lock(_ key: StageKey) throws -> FileLock { try FileLock.exclusive(lockPath(of: key)) }

    /// The same lock at once; nil where another has it.
    func lockIfFree(_ key: StageKey) throws -> FileLock? { try FileLock.exclusiveIfFree(lockPath(of: key)) }

    private func lockPath(of key: StageKey) -> String { "\(directory)/locks/\(key.digest.hex)" }
    private static func key(_ key: Digest) -> String { "keys/\(key.hex)" }
    private static func shorthand(_ shorthand: Digest) -> String { "shorthands/\(shorthand.hex)" }
    private static func result(_ key: Digest) -> String { "results/\(key.hex)" }
    private static func last(_ node: String) -> String { "last/\(Digest.of(Array(node.utf8)).hex)" }

    private func read(_ name: String) -> JSON? {
        guard let bytes = try? DurableFile.read("\(directory)/\(name)", limit: Self.limit) else { return nil }
        return try? JSON(parsing: bytes)
    }

    private func write(_ json: JSON, to name: String) throws {
        try CacheFile.replace("\(directory)/\(name)", with: json.canonicalBytes, sharing: sharing)
    }
}

extension StageCache {
    /// A result whose key is known by its shorthand, so that the key need not be made.
    typealias Kept<Value> = (value: Value, key: Digest, milliseconds: Int64?)

    /// The result of a node that is there under the key of its shorthand, and holds; nil where the key must be made.
    func kept<Value: StageValue>(of node: StageNode<Value>, _ inputs: [String: Value]) throws -> Kept<Value>? {
        guard let key = try node.shorthand(inputs).flatMap(key), let kept = result(for: key, as: Value.self),
            node.holds(kept.value)
        else { return nil }
        return (kept.value, key, kept.milliseconds)
    }
}
