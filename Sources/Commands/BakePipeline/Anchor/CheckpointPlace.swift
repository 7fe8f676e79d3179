import Attestation
import BakeModel
import GitRepository
import LinuxSystem

/// The place outside a store that its policy names, opened: where checkpoints are put and found again.
struct CheckpointPlace {
    private let place: AnchorPlace
    private let store: BakeStore
    private let identity: String
    private let options: FetchOptions
    /// The end of a file that the last checkpoint surely stands in.
    private static let tail = 64 << 10
    /// How many commits of an anchor's branch are compared with the ledger.
    private static let versions = 1000

    init(_ place: AnchorPlace, of store: BakeStore, options: FetchOptions) throws {
        self.place = place
        self.store = store
        identity = try store.identity()
        self.options = options
    }

    /// Everything that is there, as one text.
    func read(limit: Int) throws -> [UInt8] {
        switch place {
        case .file(let path): return try DurableFile.read(path, limit: limit)
        case .git: return try remoteFile().versions(limit: Self.versions).reversed().flatMap(\.self)
        }
    }

    /// Makes the place where it may be missing: an empty file. A branch is made with its first commit.
    func prepare() throws {
        if case .file(let path) = place { try AppendedFile(path).create() }
    }

    /// Puts a checkpoint behind the last one.
    /// - Parameters:
    ///   - text: the whole checkpoint, with its empty line.
    ///   - confirm: looks at the last checkpoint that is there; false where nothing needs to be put behind it.
    func put(
        _ text: String, size: Int64, at time: Timestamp, confirming confirm: (CheckpointText.Item?) throws -> Bool
    ) throws {
        switch place {
        case .file(let path):
            try AppendedFile(path).append(tail: Self.tail) { end in
                // The end of a file may begin in the middle of a checkpoint.
                guard try confirm(try last(of: end)) else { return nil }
                let isWhole = end.isEmpty || end.last == UInt8(ascii: "\n")
                return Array(((isWhole ? "" : "\n") + text).utf8)
            }
        case .git:
            let file = try remoteFile()
            let newest = try file.versions(limit: 1).first
            guard try confirm(try newest.flatMap { try last(of: $0) }) else { return }
            let author = Commit.Person(name: "bake", mail: "bake@\(identity)", time: time, offsetMinutes: 0)
            try file.write(text, message: "Entry \(size) of bake/\(identity)\n", author: author)
        }
    }

    /// The last checkpoint of a text, or of the end of one; nil where nothing is there yet.
    /// - Throws: `AnchorFault.unreadable` where something else stands there, which nothing is put behind.
    private func last(of bytes: [UInt8]) throws -> CheckpointText.Item? {
        var text = String(decoding: bytes, as: UTF8.self)
        if bytes.count == Self.tail {
            text = text.firstRange(of: "\nbake/").map { String(text[$0.lowerBound...]) } ?? text
        }
        guard let found = CheckpointText(text) else { throw AnchorFault.unreadable(place.description) }
        return found.items.last
    }

    private func remoteFile() throws -> RemoteFile {
        guard case .git(let url, let branch) = place else { throw AnchorFault.unreadable(place.description) }
        return RemoteFile(
            try RemoteURL(parsing: url), branch: branch, name: "\(identity).checkpoint", mirrors: store.blobs.mirrors,
            program: store.program, options: options)
    }
}
