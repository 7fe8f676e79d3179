import Foundation
import Glibc
import LinuxSystem

/// A file system of a few megabytes that only processes started in it see: a tmpfs in a mount namespace of its own.
/// It goes with its owner.
final class SmallDisk {
    /// Whether this machine can make one.
    static var isAvailable: Bool { getuid() == 0 }

    private let path: String
    private let holder: ChildProcess
    private static let script = #"mount -t tmpfs -o "mode=755,size=$1" none "$0" && echo mounted && exec sleep 600"#

    /// Mounts it.
    /// - Parameter size: as mount(8) takes it, `24m`.
    init(at path: String, size: String) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let (read, write) = try Descriptor.pipe()
        holder = try ChildProcess.start(
            "/usr/bin/unshare", ["-m", "--propagation", "private", "/bin/sh", "-c", Self.script, path, size],
            environment: ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"], descriptors: [1: write])
        var line = [UInt8](repeating: 0, count: 8)
        guard try line.withUnsafeMutableBytes({ try read.read(into: $0) }) == line.count else {
            throw CocoaError(.fileWriteUnknown)
        }
    }

    deinit {
        holder.kill()
        _ = try? holder.wait()
    }

    /// Words before a program's that start it where the disk is mounted, in a directory.
    func wrapper(in directory: String) -> [String] {
        ["/usr/bin/nsenter", "-t", "\(holder.id)", "-m", "--wd=\(directory)"]
    }

    /// Runs a shell command on the disk; its standard output.
    @discardableResult
    func sh(_ command: String) throws -> String {
        // nsenter opens its directory outside, where it is still the one below the mount.
        let words = wrapper(in: "/") + ["/bin/sh", "-c", "cd '\(path)' && \(command)"]
        let run = try CompletedProcess.run(
            words[0], Array(words.dropFirst()), environment: ["PATH=/usr/bin:/bin"], deadline: 60)
        return run.text
    }

    /// Fills it up with a file, but for a few kilobytes. Its end, ENOSPC, is what is wanted.
    func fill(leaving kilobytes: Int = 0) throws {
        // Bounded, should it ever run outside: a disk larger than this is not a small one.
        try sh(
            """
            { rm -f filler; head -c \(kilobytes)k /dev/zero > hole; head -c 64M /dev/zero > filler 2>/dev/null
            rm -f hole; }
            """)
    }

    /// Frees what `fill` took.
    func free() throws { try sh("rm -f filler") }
}
