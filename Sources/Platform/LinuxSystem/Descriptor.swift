import BakeModel
import CLinux
import Glibc

/// An open file, pipe or directory; closed when the last reference goes. Never inherited by a child unless given to it.
public final class Descriptor: Sendable {
    /// The number, for system calls. Valid while this object lives.
    public let number: Int32

    /// Takes over an open descriptor.
    public init(owning number: Int32) { self.number = number }

    deinit { close(number) }

    /// Opens a path. `flags` are those of open(2).
    public static func open(_ path: String, _ flags: Int32, mode: UInt32 = 0o666) throws(SystemError) -> Descriptor {
        Descriptor(owning: try SystemError.check("open", path) { clinux_open(path, flags, mode) })
    }

    /// Opens a path below this directory. It may lead out through symbolic links: only for paths that bake made.
    public func open(_ path: String, _ flags: Int32, mode: UInt32 = 0o666) throws(SystemError) -> Descriptor {
        Descriptor(owning: try SystemError.check("open", path) { clinux_openat(number, path, flags, mode) })
    }

    /// Makes a file in memory with these bytes, ready to be read from its start.
    public static func memory(_ bytes: some Collection<UInt8>) throws(SystemError) -> Descriptor {
        let file = Descriptor(owning: try SystemError.check("make", "a file in memory") { clinux_memory_file("bytes") })
        try file.write(bytes)
        return try file.rewound()
    }

    /// Makes a pipe, both ends closed on exec.
    public static func pipe() throws(SystemError) -> (read: Descriptor, write: Descriptor) {
        var ends: [Int32] = [-1, -1]
        try SystemError.check("make", "a pipe") { clinux_pipe(&ends) }
        return (Descriptor(owning: ends[0]), Descriptor(owning: ends[1]))
    }

    /// Makes two sockets that are connected with each other, both closed on exec.
    public static func socketPair() throws(SystemError) -> (Descriptor, Descriptor) {
        var ends: [Int32] = [-1, -1]
        try SystemError.check("make", "a socket pair") {
            socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends)
        }
        return (Descriptor(owning: ends[0]), Descriptor(owning: ends[1]))
    }

    /// A process, whose number may be another's once it was waited for. pidfd_open(2).
    public static func open(process id: pid_t) throws(SystemError) -> Descriptor {
        Descriptor(owning: try SystemError.check("open", "process \(id)") { clinux_open_process(id) })
    }

    /// Ends the process that was opened, at once; harmless where it has ended. pidfd_send_signal(2).
    public func killProcess() { _ = clinux_kill_process(number) }

    /// Another descriptor of the same open file, numbered from `lowest` on.
    public func duplicate(from lowest: Int32 = 3) throws(SystemError) -> Descriptor {
        let duplicate = try SystemError.check("duplicate", "descriptor \(number)") {
            fcntl(number, F_DUPFD_CLOEXEC, lowest)
        }
        return Descriptor(owning: duplicate)
    }

    /// Writes all bytes.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = try SystemError.check("write", describedPath) {
                Glibc.write(number, rest.baseAddress, rest.count)
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    /// Writes all bytes.
    public func write(_ bytes: some Collection<UInt8>) throws(SystemError) {
        let array = Array(bytes)
        var failure: SystemError?
        array.withUnsafeBytes { buffer in
            do throws(SystemError) { try write(buffer) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Reads at most as many bytes as fit; 0 at the end.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
        try SystemError.check("read", describedPath) { Glibc.read(number, buffer.baseAddress, buffer.count) }
    }

    /// Reads to the end, at most `limit` bytes; a longer stream is an error (EFBIG).
    public func readAll(limit: Int) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(number, &chunk, 65536)
            if count < 0, errno == EINTR { continue }
            // So a terminal ends that no program has open any more.
            if count == 0 || (count < 0 && errno == EIO && isatty(number) == 1) { return bytes }
            if count < 0 { throw SystemError("read", describedPath, number: errno) }
            bytes += chunk[..<count]
            guard bytes.count <= limit else { throw SystemError("read", describedPath, number: EFBIG) }
        }
    }

    /// This descriptor, at the start of its file.
    public func rewound() throws(SystemError) -> Descriptor {
        try SystemError.check("rewind", describedPath) { lseek(number, 0, SEEK_SET) }
        return self
    }

    /// The file's facts, as fstat(2) has them.
    public func status() throws(SystemError) -> stat {
        var status = stat()
        try SystemError.check("examine", describedPath) { fstat(number, &status) }
        return status
    }

    /// Lets everybody run it who may read it, as a new program may be run under the umask that made the file.
    public func letReadersRun() throws(SystemError) {
        let mode = try status().st_mode & 0o777
        try SystemError.check("set the mode of", describedPath) { fchmod(number, mode | (mode & 0o444) >> 2) }
    }

    /// Forces the file's bytes and facts to the disk. A failure is final: the kernel may have dropped the pages.
    public func synchronize() throws(SystemError) {
        try SystemError.check("write to disk", describedPath) { fsync(number) }
    }

    /// Forces everything of its file system to the disk, also what others wrote: for many files at once.
    public func synchronizeFileSystem() throws(SystemError) {
        try SystemError.check("write to disk", describedPath) { clinux_syncfs(number) }
    }

    /// The path that the kernel knows for it, for messages.
    public var describedPath: String {
        pathBytes.map { String(decoding: $0, as: UTF8.self) } ?? "descriptor \(number)"
    }

    /// The path that the kernel knows for it, byte for byte; nil where it knows none.
    public var pathBytes: [UInt8]? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/fd/\(number)", &buffer, buffer.count)
        return count > 0 && count < buffer.count ? buffer[..<count].map { UInt8(bitPattern: $0) } : nil
    }
}
