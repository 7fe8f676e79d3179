import BakeModel
import BlobStorage

/// The packages of a root, by name, architecture and version: what a lock of packages on top of it was made for.
public struct PackageList: Hashable, Sendable {
    /// The text, a line each in order: `nginx amd64 1.22.1-9`.
    private let text: String

    init(_ lines: [String]) { text = lines.sorted().joined(separator: "\n") }

    /// What a root has that holds exactly these.
    public init(_ packages: some Sequence<LockedPackage>) {
        self.init(packages.map { Self.line($0.name, $0.architecture, $0.version) })
    }

    /// The digest of the text.
    public var digest: Digest { Digest.of(Array(text.utf8)) }

    static func line(_ name: String, _ architecture: String, _ version: String) -> String {
        "\(name) \(architecture) \(version)"
    }

    /// Keeps the text as a blob, so that a later lock's list can be compared with it.
    public func keep(in store: BlobStore) throws { _ = try store.put(Array(text.utf8)) }

    /// How this differs from the list that a lock was made for: `- nginx amd64 1.22`, `+ nginx amd64 1.24`; nothing where
    /// the store does not have that list.
    /// - Parameter old: its digest.
    public func difference(from old: Digest, in store: BlobStore) -> [String] {
        guard let bytes = try? store.read(old, limit: Self.limit) else { return [] }
        let before = Self.lines(String(decoding: bytes, as: UTF8.self))
        let now = Self.lines(text)
        let changes = before.subtracting(now).map { ($0, "- ") } + now.subtracting(before).map { ($0, "+ ") }
        return changes.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map { "\($0.1)\($0.0)" }
    }

    private static let limit = 16 << 20

    private static func lines(_ text: String) -> Set<String> { Set(text.split(separator: "\n").map(String.init)) }
}
