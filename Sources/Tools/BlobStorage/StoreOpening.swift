import BakeModel
import Glibc
import LinuxSystem

extension BlobStore {
    /// Makes a store in a directory that is empty or absent. One that is there already is opened.
    ///
    /// A creation that was cut short is completed by the next.
    /// - Throws: `StoreError.occupied` where something else lies there, `.unsuitableFileSystem` on a file system that
    ///   other machines share, `SystemError`.
    public static func create(at path: String) throws -> BlobStore {
        try DurableFile.makeDirectories(path)
        let store = BlobStore(path: try resolved(path))
        if let type = try MountedFileSystem.holding(store.path)?.type, MountedFileSystem.isShared(type) {
            throw StoreError.unsuitableFileSystem(path: store.path, type: type)
        }
        try store.refuseStrangers()
        try StoreFormat.writeLayout(below: store.path)
        for (directory, mode) in store.directories {
            try makeDirectory(directory, mode: mode)
        }
        try store.makeIndexIfMissing()
        try StoreFormat.writeMark(below: store.path)
        return try open(path)
    }

    /// Opens a store, and removes what dead processes left unfinished.
    /// - Throws: `StoreError.notAStore`, `.newerFormat`, `.writableByAll`, `.damaged`; `SystemError`.
    public static func open(_ path: String) throws -> BlobStore {
        guard let path = try? resolved(path) else { throw StoreError.notAStore(path: path) }
        let store = BlobStore(path: path)
        try StoreFormat.check(below: path)
        let status = try Descriptor.open(path, O_RDONLY | O_DIRECTORY).status()
        guard status.st_mode & 0o002 == 0 else { throw StoreError.writableByAll(path: path) }
        // Readers without the right to write leave it to others.
        if access(store.temporary, W_OK | X_OK) == 0 { try store.sweep() }
        return store
    }

    private var directories: [(path: String, mode: UInt32)] {
        [("\(path)/blobs", 0o755), (blobs, 0o755), (temporary, 0o700), (cache, 0o700), (mirrors, 0o755)]
    }

    /// A directory with other things in it is somebody's home, not a place for a store.
    private func refuseStrangers() throws {
        guard access("\(path)/\(StoreFormat.layoutFile)", F_OK) != 0 else { return }
        let names = try DirectoryListing.names(in: path)
        // A file that an earlier, interrupted creation left.
        guard let stranger = names.first(where: { !$0.hasPrefix("\(StoreFormat.layoutFile).") }) else { return }
        throw StoreError.occupied(path: path, by: stranger)
    }

    private func makeIndexIfMissing() throws {
        guard access(index, F_OK) != 0 else { return }
        try rewriteIndex(owning: { _ in false }, with: { [] })
    }

    private static func makeDirectory(_ path: String, mode: UInt32) throws {
        guard mkdir(path, mode) == 0 else {
            if errno == EEXIST { return }
            throw SystemError("make the directory", path)
        }
        // Whatever the umask is.
        try SystemError.check("set the mode of", path) { chmod(path, mode) }
        try DurableFile.synchronizeDirectory(of: path)
    }

    private static func resolved(_ path: String) throws -> String {
        guard let real = realpath(path, nil) else { throw SystemError("find", path) }
        defer { free(real) }
        return String(cString: real)
    }
}
