import BakeModel
import Glibc
import LinuxSystem

/// A name in an open directory: where an entry is or will be.
struct TreePlace {
    /// The directory that holds it.
    let parent: Descriptor
    /// Its whole path in the tree or the layer.
    let path: TreePath
    /// The name, `.` for the directory itself.
    let name: [UInt8]
    /// The name as system calls take it.
    let rawName: [CChar]

    /// - Parameter name: the name in the directory, where it is not the path's last part.
    init(parent: Descriptor, path: TreePath, name: [UInt8]? = nil) {
        self.parent = parent
        self.path = path
        self.name = name ?? (path.isRoot ? [0x2e] : Array(path.name))
        rawName = cString(self.name)
    }

    /// The path for calls that know no descriptors of directories.
    var processPath: [CChar] { RootFilesystem.processPath(parent.number, name) }

    /// The path on this machine, for messages: where a disk is full, say, the path in the tree tells nobody.
    var describedPath: String { "\(parent.describedPath)/\(String(decoding: name, as: UTF8.self))" }

    /// What the symbolic link here says.
    func linkTarget() throws(SystemError) -> [UInt8] {
        var target = [CChar](repeating: 0, count: 4096)
        let count = try SystemError.check("read the link", "/\(path)") {
            readlinkat(parent.number, rawName, &target, target.count)
        }
        return target[..<count].map { UInt8(bitPattern: $0) }
    }

    /// What is here as a layer keeps it.
    func entry(_ status: stat, _ kind: TreeEntry.Kind) throws(SystemError) -> TreeEntry {
        var attributes: [ExtendedAttribute] = []
        switch kind {
        case .regular, .directory: attributes = try FileAttributes.read(processPath, of: path)
        case .symlink, .hardlink, .fifo: break
        }
        return TreeEntry(
            path: path, kind: kind, mode: UInt16(status.st_mode & 0o7777),
            owner: Owner(user: status.st_uid, group: status.st_gid), attributes: attributes)
    }
}

/// The one time that files in a tree have.
enum FileTimes {
    /// Sets the time of an entry itself, never of what it links to.
    static func setConstant(_ place: TreePlace) throws(SystemError) {
        let times = constant
        try SystemError.check("set the time of", "/\(place.path)") {
            utimensat(place.parent.number, place.rawName, times, AT_SYMLINK_NOFOLLOW)
        }
    }

    /// Sets the time of an open file or directory.
    static func setConstant(_ file: Descriptor) throws(SystemError) {
        let times = constant
        try SystemError.check("set the time of", file.describedPath) { futimens(file.number, times) }
    }

    private static var constant: [timespec] {
        let time = timespec(tv_sec: Int(Timestamp.insideImages), tv_nsec: 0)
        return [time, time]
    }
}
