import BakeModel
import Glibc
import LinuxSystem

/// Everything in a store, given to the group that shares it.
///
/// Unpacked layers and the roots of failed commands stay their user's: their owners are subordinate ids. So does what is
/// unfinished.
struct StoreSharing {
    private let group: UserGroup
    private let sharing: Sharing
    private static let deepest = 64

    /// - Parameter path: the store's directory. Whether others than the group may read is what its mode says.
    init(_ path: String, group: UserGroup) throws {
        self.group = group
        let mode = try Descriptor.open(path, O_RDONLY | O_DIRECTORY).status().st_mode
        sharing = .group(othersRead: mode & 0o005 == 0o005)
    }

    /// Shares a store that is there, or the directory of one that is being made.
    /// - Throws: `StoreError.notOwned` where this user may not; what was given until then stays given.
    func apply(to path: String) throws {
        do { try applyEverywhere(in: path) } catch let error as SystemError where error.number == EPERM {
            throw StoreError.notOwned(path: path, group: group.name)
        }
    }

    private func applyEverywhere(in path: String) throws {
        try give(path)
        for name in try DirectoryListing.names(in: path) {
            switch name {
            case "tmp": try give("\(path)/\(name)")
            case "cache": try shareCache("\(path)/\(name)")
            default: try share("\(path)/\(name)", depth: 1)
            }
        }
    }

    private func shareCache(_ path: String) throws {
        try give(path)
        for name in try DirectoryListing.names(in: path) {
            // Each user's own.
            if ["layers", "failed"].contains(name) {
                try give("\(path)/\(name)")
            } else {
                try share("\(path)/\(name)", depth: 2)
            }
        }
    }

    private func share(_ path: String, depth: Int) throws {
        guard try give(path), depth < Self.deepest else { return }
        for name in try DirectoryListing.names(in: path) { try share("\(path)/\(name)", depth: depth + 1) }
    }

    /// Sets the group and the mode of a file or directory. What is neither stays as it is.
    /// - Returns: whether it is a directory.
    @discardableResult
    private func give(_ path: String) throws(SystemError) -> Bool {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT { return false }
            throw SystemError("examine", path)
        }
        guard status.isDirectory || status.isRegularFile else { return false }
        if status.st_gid != group.number {
            try SystemError.check("give to the group \(group.name)", path) { lchown(path, uid_t.max, group.number) }
        }
        let mode = status.st_mode & 0o777
        let wanted = status.isDirectory ? sharing.directoryMode(mode) : sharing.fileMode(mode)
        if status.st_mode & 0o7777 != wanted {
            try SystemError.check("set the mode of", path) { chmod(path, wanted) }
        }
        return status.isDirectory
    }
}

extension BlobStore {
    /// The group that the store belongs to.
    public var group: UserGroup? {
        var status = stat()
        return stat(path, &status) == 0 ? UserGroup(number: status.st_gid) : nil
    }

    /// Refuses whoever may only read.
    /// - Throws: `StoreError.notWritable`.
    public func confirmWritable() throws {
        if isWritable { return }
        let isMedium = errno == EROFS
        throw StoreError.notWritable(
            path: path, group: sharing == .none ? nil : group?.name, isReadOnlyMedium: isMedium)
    }
}
