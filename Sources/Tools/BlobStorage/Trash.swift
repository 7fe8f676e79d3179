import BakeModel
import Glibc
import LinuxSystem

/// What was taken out of a store, until nobody can miss it.
struct Trash: Sendable {
    /// The directory, absolute.
    let path: String
    private let blobs: String
    private let sharing: Sharing

    private static let lockSuffix = ".lock"

    init(of store: BlobStore) {
        path = "\(store.path)/trash"
        blobs = store.blobs
        sharing = store.sharing
    }

    /// The lock that all processes of an epoch share.
    func lockFile(of epoch: Int) -> String { "\(path)/\(epoch)\(Self.lockSuffix)" }
    /// Whoever collects holds this lock.
    var collectorLock: String { "\(path)/collector" }

    private func directory(of epoch: Int) -> String { "\(path)/\(epoch)" }
    private func place(_ digest: Digest, in epoch: Int) -> String { "\(directory(of: epoch))/\(digest.hex)" }

    /// The epochs that have a lock or a directory, in order; none before the first process.
    func epochs() throws(SystemError) -> [Int] {
        let names = try names(in: path)
        return Set(
            names.compactMap { Int($0.hasSuffix(Self.lockSuffix) ? $0.dropLast(Self.lockSuffix.count) : $0[...]) }
        )
        .sorted()
    }

    /// Begins the next epoch: processes that start from now on are in it.
    func beginEpoch(after epoch: Int) throws { _ = try FileLock.shared(lockFile(of: epoch + 1)) }

    /// Takes a blob out of the store.
    /// - Returns: how many bytes that are; nil where it was not there.
    func take(_ digest: Digest, in epoch: Int) throws -> UInt64? {
        try sharing.makeDirectory(directory(of: epoch))
        let source = "\(blobs)/\(digest.hex)"
        var status = stat()
        guard lstat(source, &status) == 0, status.isRegularFile else { return nil }
        guard rename(source, place(digest, in: epoch)) == 0 else {
            if errno == ENOENT { return nil }
            throw SystemError("move to the trash", source)
        }
        return UInt64(status.st_size)
    }

    /// Puts a blob back that somebody misses.
    /// - Returns: whether it was in the trash.
    func putBack(_ digest: Digest) -> Bool {
        let saved = errno
        defer { errno = saved }
        let epochs = (try? epochs()) ?? []
        return epochs.reversed().contains { epoch in
            // Good bytes that lie there already are the same.
            rename(place(digest, in: epoch), "\(blobs)/\(digest.hex)") == 0
        }
    }

    /// Where a blob lies in the trash; nil where it is not there. For whoever may only read.
    func location(of digest: Digest) -> String? {
        ((try? epochs()) ?? []).reversed().map { place(digest, in: $0) }.first { access($0, F_OK) == 0 }
    }

    /// Deletes what epochs left of which no process lives any more.
    /// - Parameter kept: what is wanted after all, asked after the last process of an epoch has ended; it is put back.
    /// - Returns: the bytes that were deleted, and those that wait for processes to end.
    func empty(before present: Int, kept: () throws -> Set<Digest>) throws -> (deleted: UInt64, waiting: UInt64) {
        var deleted: UInt64 = 0
        for epoch in try epochs() where epoch < present {
            guard let lock = try FileLock.exclusiveIfFree(lockFile(of: epoch)) else {
                return (deleted, try waiting(before: present))
            }
            defer { withExtendedLifetime(lock) {} }
            deleted += try empty(epoch, but: try kept())
            unlink(lockFile(of: epoch))
        }
        return (deleted, 0)
    }

    private func empty(_ epoch: Int, but kept: Set<Digest>) throws -> UInt64 {
        var deleted: UInt64 = 0
        for name in try names(in: directory(of: epoch)) {
            let file = "\(directory(of: epoch))/\(name)"
            if let digest = Digest(hex: name), kept.contains(digest) {
                try SystemError.check("put back", file) { rename(file, "\(blobs)/\(name)") }
            } else {
                var status = stat()
                if lstat(file, &status) == 0 { deleted += UInt64(status.st_size) }
                unlink(file)
            }
        }
        if rmdir(directory(of: epoch)) != 0, errno != ENOENT {
            throw SystemError("remove", directory(of: epoch))
        }
        return deleted
    }

    private func waiting(before present: Int) throws -> UInt64 {
        var bytes: UInt64 = 0
        for epoch in try epochs() where epoch < present {
            for name in try names(in: directory(of: epoch)) {
                var status = stat()
                if lstat("\(directory(of: epoch))/\(name)", &status) == 0 { bytes += UInt64(status.st_size) }
            }
        }
        return bytes
    }

    private func names(in path: String) throws(SystemError) -> [String] {
        do throws(SystemError) { return try DirectoryListing.names(in: path) } catch {
            if error.number == ENOENT || error.number == EACCES { return [] }
            throw error
        }
    }
}
