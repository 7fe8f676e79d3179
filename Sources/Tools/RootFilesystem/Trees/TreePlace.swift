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
