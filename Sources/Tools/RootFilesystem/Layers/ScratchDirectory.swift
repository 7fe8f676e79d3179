import BakeModel
import CLinux
import Glibc
import LinuxSystem

/// A directory for the time of one piece of work, with whatever owners and modes; locked by the kernel while its
/// process lives, so that what a killed one left is known and swept. Only inside a user namespace of bake's.
final class ScratchDirectory: Sendable {
    /// Its path.
    let path: String
    /// Its open descriptor, which holds the lock.
    let directory: Descriptor
    private let parent: Descriptor
    private let name: String
    private static let prefix = "root."

    /// Makes one.
    /// - Parameters:
    ///   - parent: where, on the file system of the layers.
    ///   - prefix: what its name begins with: how a sweep knows it.
    init(in parent: String, prefix: String = prefix) throws {
        self.parent = try Descriptor.open(parent, O_RDONLY | O_DIRECTORY)
        // ext4 does not take up again what was deleted in the last minutes, and looks through all of that for each new file:
        // where one scratch directory follows the other, a file took ten times as long as in another part of the disk.
        _ = clinux_spread_directories(self.parent.number)
        while true {
            let name = prefix + String(UInt64.random(in: .min ... .max), radix: 36)
            let path = "\(parent)/\(name)"
            try SystemError.check("make the directory", path) { mkdir(path, 0o700) }
            // A sweep may have had the lock between the calls, and removed the name.
            guard let directory = try? Descriptor.open(path, O_RDONLY | O_DIRECTORY),
                flock(directory.number, LOCK_EX | LOCK_NB) == 0, try directory.status().st_nlink > 0
            else { continue }
            (self.name, self.path, self.directory) = (name, path, directory)
            try disown()
            return
        }
    }

    /// In a store that a group shares a new directory is the group's, and hands that on: the files of layers must not be.
    private func disown() throws(SystemError) {
        try SystemError.check("set the group of", path) { chown(path, geteuid(), getegid()) }
        try SystemError.check("set the mode of", path) { chmod(path, 0o700) }
    }

    // A tree that cannot be removed now is swept by the next helper.
    deinit { try? TreeRemoval.remove(name.utf8, in: parent) }

    /// Makes a directory in it.
    /// - Returns: its path.
    @discardableResult
    func makeDirectory(_ name: String, mode: UInt32 = 0o755) throws(SystemError) -> String {
        let path = "\(path)/\(name)"
        try SystemError.check("make the directory", path) { mkdir(path, mode) }
        // Whatever the umask says.
        try SystemError.check("set the mode of", path) { chmod(path, mode) }
        return path
    }

    /// Makes a file in it, with this text.
    /// - Returns: its path.
    @discardableResult
    func makeFile(_ name: String, _ text: String) throws(SystemError) -> String {
        let path = "\(path)/\(name)"
        try Descriptor.open(path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o644).write(text.utf8)
        try SystemError.check("set the mode of", path) { chmod(path, 0o644) }
        return path
    }

    /// Removes the directories of this user's processes that died; those of others are theirs to remove. What cannot be
    /// removed stays for the next: nobody's work depends on it.
    static func sweep(in path: String, prefix: String = prefix) throws {
        let parent = try Descriptor.open(path, O_RDONLY | O_DIRECTORY)
        for name in try parent.sortedNames() where name.starts(with: prefix.utf8) {
            guard let dead = try? parent.subdirectory(name), try dead.status().st_uid == geteuid(),
                flock(dead.number, LOCK_EX | LOCK_NB) == 0
            else {
                continue
            }
            try? TreeRemoval.remove(name, in: parent)
        }
    }
}
