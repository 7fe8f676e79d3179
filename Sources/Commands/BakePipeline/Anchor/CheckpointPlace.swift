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
    /// How many commits of an anchor's branch are compared with the ledger when it is verified.
    private static let versions = 1000
    /// How many of them before something is put behind the last.
    private static let recentVersions = 100

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

    /// The last checkpoints that are there, oldest first; none where nothing is there yet. Not only the very last: where
    /// others can add something, an old one that was put there once more would hide what the newer ones know.
    /// - Throws: what keeps the place from being read; `AnchorFault.unreadable` where something else stands there.
    func recent() throws -> [CheckpointText.Item] {
        switch place {
        case .file(let path): return try items(inEnd: try AppendedFile(path).end(Self.tail))
        case .git:
            let kept = try remoteFile().versions(limit: Self.recentVersions)
            return try kept.reversed().flatMap { try items(inEnd: $0) }
        }
    }

    /// Makes the place where it may be missing: an empty file. A branch is made with its first commit.
    func prepare() throws {
        if case .file(let path) = place { try AppendedFile(path).create() }
    }

    /// Puts a checkpoint behind the last one.
    /// - Parameters:
    ///   - text: the whole checkpoint, with its empty line.
    ///   - confirm: looks at the last checkpoints that are there; false where nothing needs to be put behind them.
    func put(
        _ text: String, size: Int64, at time: Timestamp, confirming confirm: ([CheckpointText.Item]) throws -> Bool
    ) throws {
        switch place {
        case .file(let path):
            try AppendedFile(path).append(tail: Self.tail) { end in
                // The end of a file may begin in the middle of a checkpoint.
                guard try confirm(try items(inEnd: end)) else { return nil }
                let isWhole = end.isEmpty || end.last == UInt8(ascii: "\n")
                return Array(((isWhole ? "" : "\n") + text).utf8)
            }
        case .git:
            guard try confirm(try recent()) else { return }
            let author = Commit.Person(name: "bake", mail: "bake@\(identity)", time: time, offsetMinutes: 0)
            try remoteFile().write(text, message: "Entry \(size) of bake/\(identity)\n", author: author)
        }
    }

    /// The checkpoints of a text, or of the end of one.
    /// - Throws: `AnchorFault.unreadable` where something else stands there, which nothing is put behind.
    private func items(inEnd bytes: [UInt8]) throws -> [CheckpointText.Item] {
        var text = String(decoding: bytes, as: UTF8.self)
        if bytes.count == Self.tail {
            text = text.firstRange(of: "\nbake/").map { String(text[$0.lowerBound...]) } ?? text
        }
        guard let found = CheckpointText(text) else { throw AnchorFault.unreadable(place.description) }
        return found.items
    }

    private func remoteFile() throws -> RemoteFile {
        guard case .git(let url, let branch) = place else { throw AnchorFault.unreadable(place.description) }
        return RemoteFile(
            try RemoteURL(parsing: url), branch: branch, name: "\(identity).checkpoint", mirrors: store.blobs.mirrors,
            program: store.program, options: options)
    }
}
