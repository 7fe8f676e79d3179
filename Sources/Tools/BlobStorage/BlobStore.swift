import BakeModel
import Glibc
import LinuxSystem

/// A directory of blobs that is an OCI image layout: complete and verified, or not there.
///
/// What bake adds (the ledger, mirrors, caches) lies beside `blobs/` and `index.json`, where the tools that read
/// layouts leave it alone. Source: OCI image-spec `image-layout.md`.
public struct BlobStore: Sendable {
    /// The directory, absolute and without symbolic links.
    public let path: String
    /// Who else may write to it.
    public let sharing: Sharing
    /// The directory that takes what is unfinished and what can be made again; the store itself for those who may write
    /// to it.
    public let workspace: String
    /// Keeps what is collected meanwhile from being deleted; nil for whoever may not say so, and in a store where nobody
    /// ever could.
    let use: StoreUse?

    init(path: String, workspace: String? = nil, use: StoreUse? = nil) {
        self.path = path
        self.workspace = workspace ?? path
        self.use = use
        sharing = .of(path)
    }

    /// The same store, in use by this process for as long as the value or a copy of it lives.
    func used() throws -> BlobStore {
        BlobStore(path: path, workspace: workspace, use: try StoreUse.enter(trash))
    }

    /// The same store, whose use is not this value's to tell.
    public var unused: BlobStore { BlobStore(path: path, workspace: workspace) }

    /// What was collected and may still be missed.
    var trash: Trash { Trash(of: self) }

    /// Whether this process may write to the store.
    public var isWritable: Bool { access(path, W_OK | X_OK) == 0 }

    /// Where unfinished files lie, on the same file system as the blobs where those may be written. It may be emptied at any time.
    public var temporary: String { "\(workspace)/tmp" }
    /// Where results that can be made again are kept. It may be emptied at any time.
    public var cache: String { "\(workspace)/cache" }
    /// Where the mirrors of git repositories lie.
    public var mirrors: String { "\(path)/git" }
    /// Where the ledger lies.
    public var ledger: String { "\(path)/ledger.sqlite" }
    /// The file whose bytes are given up when the file system is full.
    public var reserve: String { "\(path)/reserve" }

    var blobs: String { "\(path)/blobs/sha256" }
    var index: String { "\(path)/index.json" }

    /// Where a blob lies, or would lie.
    func location(of digest: Digest) -> String { "\(blobs)/\(digest.hex)" }

    /// Whether there is a blob of this name. Its bytes are not looked at.
    public func contains(_ digest: Digest) -> Bool {
        var status = stat()
        if lstat(location(of: digest), &status) == 0 { return status.isRegularFile }
        return errno == ENOENT && (trash.putBack(digest) || foldedLayers.contains(digest))
    }

    /// How many bytes the blob has.
    /// - Throws: `StoreError.missing`; `StoreError.damaged` where the name is no regular file.
    public func size(_ digest: Digest) throws -> UInt64 {
        var status = stat()
        guard lstat(location(of: digest), &status) == 0 else {
            if errno == ENOENT {
                if trash.putBack(digest) { return try size(digest) }
                if let list = foldedLayers.list(of: digest) { return list.size }
                throw StoreError.missing(digest)
            }
            throw SystemError("examine", location(of: digest))
        }
        guard status.isRegularFile else {
            throw StoreError.damaged(path: location(of: digest), detail: "it is no regular file")
        }
        return UInt64(status.st_size)
    }
}

extension stat {
    /// Whether these are the facts of a regular file.
    var isRegularFile: Bool { st_mode & S_IFMT == S_IFREG }
    /// Whether these are the facts of a directory.
    var isDirectory: Bool { st_mode & S_IFMT == S_IFDIR }
}
