import Glibc
import LinuxSystem
import TarArchive

/// What is `/work` in a sandbox: a directory with the inputs of a command, where its user can write everywhere.
struct WorkDirectory {
    /// Where it is on this machine.
    let path: String

    /// Makes it.
    /// - Parameter inputs: a tar that is unpacked in it; nil leaves it empty.
    init(of user: SandboxUser, in scratch: ScratchDirectory, from inputs: Descriptor?) throws {
        path = try scratch.makeDirectory("work")
        let directory = try Descriptor.open(path, O_RDONLY | O_DIRECTORY)
        if let inputs { try Self.unpack(inputs, into: directory) }
        if user.user != 0 || user.group != 0 { try TreeOwnership.give(directory, to: user) }
    }

    private static func unpack(_ archive: Descriptor, into directory: Descriptor) throws {
        let writer = TreeWriter(into: directory, whiteouts: false)
        _ = try ArchiveReader.read(piped: archive) { entry, content in
            try writer.write(entry) { try content.read(into: $0) }
        }
        try writer.finish()
    }

    /// Whether its file system has room for no more than the last piece of a file, or for no more files. What a program
    /// failed for only its own words tell, and on a full disk it fails in many ways.
    var isDiskFull: Bool {
        var facts = statvfs()
        guard statvfs(path, &facts) == 0, facts.f_blocks > 0 else { return false }
        let free = UInt64(geteuid() == 0 ? facts.f_bfree : facts.f_bavail) * UInt64(facts.f_frsize)
        return free < 65_536 || facts.f_files > 0 && facts.f_favail == 0
    }
}
