import BakeModel

/// Why the store refused. System calls that failed are `SystemError`s.
public enum StoreError: ExplainedError, Hashable {
    /// There is no store at this path.
    case notAStore(path: String)
    /// The directory holds something else, and is left alone.
    case occupied(path: String, by: String)
    /// A newer bake wrote the store.
    case newerFormat(path: String, found: Int64, known: Int64)
    /// Locks and memory maps of such a file system do not reach other machines.
    case unsuitableFileSystem(path: String, type: String)
    /// Everybody may write to the directory.
    case writableByAll(path: String)
    /// This user may look, and not write.
    case notWritable(path: String, group: String?, isReadOnlyMedium: Bool)
    /// Only its owner, or root, gives a store to a group.
    case notOwned(path: String, group: String)
    /// This user may not even look.
    case closed(path: String, group: String?)
    /// It was a group's, and its directory does not say so any more.
    case unshared(path: String, group: String)
    /// A file of the store is no file, or says something that it must not say.
    case damaged(path: String, detail: String)
    /// The blob is not there.
    case missing(Digest)
    /// The blob's bytes do not hash to its name.
    case corrupted(Digest, found: Digest)
    /// The blob is longer than its reader takes.
    case tooLong(Digest, size: UInt64, limit: Int)
    /// Bytes are not those that were announced.
    case unexpectedDigest(claimed: Digest, found: Digest)
    /// There are not as many bytes as were announced.
    case unexpectedSize(claimed: UInt64, found: UInt64)

    public var doing: String {
        switch self {
        case .occupied, .unsuitableFileSystem: "make a store at"
        case .notAStore, .newerFormat, .writableByAll, .closed, .unshared: "open the store"
        case .notWritable: "write to the store"
        case .notOwned: "share the store"
        case .damaged: "read"
        case .missing, .corrupted, .tooLong: "read the blob"
        case .unexpectedDigest, .unexpectedSize: "store"
        }
    }

    public var subject: String {
        switch self {
        case .notAStore(let path), .occupied(let path, _), .newerFormat(let path, _, _),
            .unsuitableFileSystem(let path, _), .writableByAll(let path), .damaged(let path, _),
            .notWritable(let path, _, _), .closed(let path, _), .unshared(let path, _), .notOwned(let path, _):
            path
        case .missing(let digest), .corrupted(let digest, _), .tooLong(let digest, _, _): digest.description
        case .unexpectedDigest(let claimed, _): claimed.description
        case .unexpectedSize: "a blob"
        }
    }

    public var reason: String {
        switch self {
        case .notAStore: "no store is there"
        case .occupied(_, let name): "the directory is not empty: it holds \(name)"
        case .newerFormat(_, let found, let known):
            "it has format \(found), and this bake knows formats up to \(known)"
        case .unsuitableFileSystem(_, let type): "it lies on \(type), where locks do not hold between machines"
        case .writableByAll: "everybody may write to it"
        case .notWritable(_, _, isReadOnlyMedium: true): "its file system is read-only; you may read this store"
        case .notWritable(_, let group?, _):
            "you may read this store, not write to it: it belongs to the group \(group)"
        case .notWritable: "you may read this store, not write to it: no group shares it"
        case .closed(_, let group?): "you may not read it: you are not in the group \(group)"
        case .closed: "you may not read it: no group shares it"
        case .notOwned(_, let group):
            "only the owner of all its files who is in the group \(group), or root, can give it to that group"
        case .unshared(_, let group):
            "the group \(group) shared it, and its directory has lost the mode that says so"
        case .damaged(_, let detail): detail
        case .missing: "it is not in the store"
        case .corrupted(_, let found): "its bytes hash to \(found)"
        case .tooLong(_, let size, let limit): "it has \(size) bytes, more than the limit of \(limit)"
        case .unexpectedDigest(_, let found): "the bytes hash to \(found)"
        case .unexpectedSize(let claimed, let found): "\(claimed) bytes were announced, \(found) came"
        }
    }

    public var hint: String? {
        switch self {
        case .notAStore: "bake init"
        case .newerFormat: "use the newer bake"
        case .unsuitableFileSystem: "keep the store on a local disk"
        case .writableByAll(let path): "chmod o-w \(path)"
        case .notWritable(_, _, isReadOnlyMedium: true): nil
        case .notWritable(_, let group?, _), .closed(_, let group?):
            "ask an administrator for 'usermod -aG \(group) YOU', then log in again"
        case .notWritable(let path, nil, _), .closed(let path, nil):
            "its owner can share it with a group: bake init --store \(path) --group GROUP"
        case .unshared(let path, let group): "its owner mends that: bake init --store \(path) --group \(group)"
        case .corrupted: "bake fsck --repair lays it aside, and says how to get it back"
        case .damaged(let path, _) where path.hasSuffix("/index.json"): "bake fsck --repair makes it again"
        default: nil
        }
    }

    public var exit: ExitCode {
        switch self {
        case .notAStore, .missing: .notFound
        case .damaged, .corrupted: .damaged
        case .occupied, .unsuitableFileSystem, .notWritable, .closed, .unshared, .notOwned: .usage
        default: .failed
        }
    }
}
