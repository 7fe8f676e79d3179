import Glibc

/// A directory for the time of one process, in a place where others may write, as /tmp. The kernel locks it while the
/// process lives, so that what a killed one left is known: nobody else has to guess by age or by number.
public final class PrivateDirectory: Sendable {
    /// Its path.
    public let path: String
    /// Its open descriptor, which holds the lock.
    private let directory: Descriptor

    private init(_ path: String, _ directory: Descriptor) { (self.path, self.directory) = (path, directory) }

    /// Makes one, mode 0700, with a name that nobody else has.
    /// - Parameter prefix: what its name begins with: how those that were left are known.
    public convenience init(in parent: String, prefix: String) throws(SystemError) {
        while true {
            let path = "\(parent)/\(prefix)\(String(UInt64.random(in: .min ... .max), radix: 36))"
            try SystemError.check("make the directory", path) { mkdir(path, 0o700) }
            // Somebody who looks for what was left may have had the lock between the calls, and removed the name.
            guard let directory = try? Self.opened(path), Self.lock(directory) != EWOULDBLOCK,
                try directory.status().st_nlink > 0
            else { continue }
            self.init(path, directory)
            return
        }
    }

    /// Those of this user's whose process has ended. Each is locked as long as the result lives, so that one process removes
    /// it. None where others could put something else in its place.
    public static func abandoned(in parent: String, prefix: String) -> [PrivateDirectory] {
        guard let place = try? Descriptor.open(parent, O_RDONLY | O_DIRECTORY), let status = try? place.status(),
            [0, geteuid()].contains(status.st_uid), status.st_mode & 0o022 == 0 || status.st_mode & S_ISVTX != 0
        else { return [] }
        let names = DirectoryListing.namesIfThere(in: parent)
        return names.filter { $0.hasPrefix(prefix) }.compactMap { name in
            let path = "\(parent)/\(name)"
            guard let directory = try? opened(path), let status = try? directory.status(),
                status.st_uid == geteuid(), lock(directory) == 0
            else { return nil }
            return PrivateDirectory(path, directory)
        }
    }

    private static func opened(_ path: String) throws(SystemError) -> Descriptor {
        try Descriptor.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    }

    /// 0, or why it has no lock: somebody else has it, or the file system has none for directories. What has no lock is
    /// never taken for left.
    private static func lock(_ directory: Descriptor) -> Int32 {
        flock(directory.number, LOCK_EX | LOCK_NB) == 0 ? 0 : errno
    }
}
