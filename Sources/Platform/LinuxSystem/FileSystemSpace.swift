import Glibc

/// How much room a file system has, as statvfs(3) tells it.
struct FileSystemSpace: Hashable {
    /// Bytes that this user may still write, and all there are.
    let freeBytes, bytes: UInt64
    /// Files that this user may still make, and all there may be; 0 where the file system counts none.
    let freeFiles, files: UInt64

    /// Looks at the file system that holds a path, or would hold it; nil for what is no path.
    init?(holding path: String) {
        guard path.hasPrefix("/") else { return nil }
        var place = path
        var facts = statvfs()
        while statvfs(place, &facts) != 0 {
            guard place != "/" else { return nil }
            place = DurableFile.parent(of: place)
        }
        let unit = UInt64(facts.f_frsize)
        freeBytes = UInt64(facts.f_bavail).multipliedReportingOverflow(by: unit).partialValue
        bytes = UInt64(facts.f_blocks).multipliedReportingOverflow(by: unit).partialValue
        freeFiles = UInt64(facts.f_favail)
        files = UInt64(facts.f_files)
    }

    /// What is missing, as a clause.
    var text: String {
        files > 0 && freeFiles == 0
            ? "its file system has no inode left of \(files)"
            : "its file system has \(freeBytes / 1000) kB left of \(bytes / 1000) kB"
    }
}
