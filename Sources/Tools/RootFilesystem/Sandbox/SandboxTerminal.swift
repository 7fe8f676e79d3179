import CLinux
import Glibc
import LinuxSystem

/// A terminal for a program of a sandbox that nobody sits at. It is of a file system of its own: the machine's belong to
/// users that a sandbox does not know.
final class SandboxTerminal {
    /// The program's side.
    let inner: Descriptor
    /// Where that is.
    let path: String
    /// The other side: what the program says is read here.
    let controller: Descriptor
    private let directory: String

    private init(in directory: String, _ number: Int32, _ controller: Descriptor) throws(SystemError) {
        self.directory = directory
        self.controller = controller
        path = "\(directory)/\(number)"
        inner = try Descriptor.open(path, O_RDWR | O_NOCTTY)
    }

    /// Makes one for a user. One at a time in each scratch directory.
    static func make(for user: SandboxUser, in scratch: ScratchDirectory) throws(SystemError) -> SandboxTerminal {
        let directory = try scratch.makeDirectory("terminal")
        do {
            try SystemError.check("mount", "terminals") {
                clinux_mount("devpts", directory, "devpts", "newinstance,ptmxmode=0600,mode=0620,gid=5")
            }
            var number: Int32 = 0
            let controller = try SystemError.check("make", "a terminal") {
                clinux_open_terminal_of("\(directory)/ptmx", &number)
            }
            let terminal = try SandboxTerminal(in: directory, number, Descriptor(owning: controller))
            try SystemError.check("set the owner of", terminal.path) { chown(terminal.path, user.user, gid_t.max) }
            return terminal
        } catch {
            remove(directory)
            throw error
        }
    }

    // A program has it open, and attached to its own root, by then.
    deinit { Self.remove(directory) }

    private static func remove(_ directory: String) {
        _ = clinux_unmount(directory)
        rmdir(directory)
    }
}
