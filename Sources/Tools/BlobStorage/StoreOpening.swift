import BakeModel
import Glibc
import LinuxSystem

extension BlobStore {
    /// Makes a store in a directory that is empty or absent. One that is there already is opened.
    ///
    /// A creation that was cut short is completed by the next.
    /// - Parameter group: the group that shares the store from now on. Whether others may read it is what the mode of its
    ///   directory says; for a new one, what the umask says. Nothing changes where nil.
    /// - Throws: `StoreError.occupied` where something else lies there, `.unsuitableFileSystem` on a file system that
    ///   other machines share, `SystemError`.
    public static func create(at path: String, group: UserGroup? = nil) throws -> BlobStore {
        try DurableFile.makeDirectories(path)
        let place = BlobStore(path: try resolved(path))
        if let type = try MountedFileSystem.holding(place.path)?.type, MountedFileSystem.isShared(type) {
            throw StoreError.unsuitableFileSystem(path: place.path, type: type)
        }
        try place.refuseStrangers()
        try place.confirmWritable()
        if let group { try StoreSharing(place.path, group: group).apply(to: place.path) }
        // Looked at again: how it is shared may be new.
        let store = BlobStore(path: place.path)
        try StoreFormat.writeLayout(below: store.path)
        try store.makeDirectories()
        try store.makeIndexIfMissing()
        try StoreFormat.writeMark(below: store.path, group: group?.name)
        return try open(path)
    }

    /// Opens a store, and removes what dead processes left unfinished.
    /// - Parameter workspace: a directory with `tmp/` and `cache/` for whoever may not write to the store's; the store
    ///   itself where nil.
    /// - Throws: `StoreError.notAStore`, `.newerFormat`, `.writableByAll`, `.closed`, `.unshared`, `.damaged`; `SystemError`.
    public static func open(_ path: String, workspace: String? = nil) throws -> BlobStore {
        let path = try existing(path)
        let store = BlobStore(path: path, workspace: workspace)
        guard access(path, R_OK | X_OK) == 0 || errno != EACCES else {
            throw StoreError.closed(path: path, group: store.sharing == .none ? nil : store.group?.name)
        }
        let group = try StoreFormat.check(below: path)
        let status = try Descriptor.open(path, O_RDONLY | O_DIRECTORY).status()
        guard status.st_mode & 0o002 == 0 else { throw StoreError.writableByAll(path: path) }
        // Readers without the right to write leave the rest to others.
        guard store.isWritable, store.workspace == store.path else { return (try? store.used()) ?? store }
        if let group, store.sharing == .none { throw StoreError.unshared(path: path, group: group) }
        let parts = [store.temporary, store.cache, store.trash.path]
        if parts.contains(where: { access($0, F_OK) != 0 }) { try store.makeDirectories() }
        try store.sweep()
        return try store.used()
    }

    /// Makes what is missing: `tmp/` and `cache/` may be deleted at any time.
    private func makeDirectories() throws {
        let directories: [(path: String, mode: UInt32)] = [
            ("\(path)/blobs", 0o755), (blobs, 0o755), (temporary, 0o700), (cache, 0o700), (mirrors, 0o755),
            (trash.path, 0o755),
        ]
        for (directory, mode) in directories { try makeDirectory(directory, mode: mode) }
    }

    /// A directory with other things in it is somebody's home, not a place for a store.
    private func refuseStrangers() throws {
        let names = try DirectoryListing.names(in: path)
        // A file that an earlier, interrupted creation left.
        guard let stranger = names.first(where: { !$0.hasPrefix("\(StoreFormat.layoutFile).") }) else { return }
        // Looked for last: whoever makes the store at the same time writes it before everything else.
        guard access("\(path)/\(StoreFormat.layoutFile)", F_OK) != 0 else { return }
        throw StoreError.occupied(path: path, by: stranger)
    }

    private func makeIndexIfMissing() throws {
        guard access(index, F_OK) != 0 else { return }
        try rebuildIndex(IndexContent(owns: { _ in false }, latest: { 0 }, lasting: { _, _ in [] }, moving: { [] }))
    }

    private func makeDirectory(_ path: String, mode: UInt32) throws {
        if access(path, F_OK) == 0 { return }
        try sharing.makeDirectory(path, mode: mode)
        // Whatever the umask is.
        if sharing == .none { try SystemError.check("set the mode of", path) { chmod(path, mode) } }
        try DurableFile.synchronizeDirectory(of: path)
    }

    private static func existing(_ path: String) throws -> String {
        do throws(SystemError) { return try resolved(path) } catch {
            guard error.isMissing else { throw error }
            throw StoreError.notAStore(path: path)
        }
    }

    private static func resolved(_ path: String) throws(SystemError) -> String {
        guard let real = realpath(path, nil) else { throw SystemError("find", path) }
        defer { free(real) }
        return String(cString: real)
    }
}
