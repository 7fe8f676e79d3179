import CLinux
import Glibc
import LinuxSystem

/// A program in a sandbox, under its process 1.
public struct SandboxProcess: Sendable {
    /// Process 1 of the sandbox, as this process sees it.
    private let first: ChildProcess
    private let ending: Descriptor
    /// Its changes go there: it must stay while the program runs.
    private let root: OverlayRoot

    static func start(
        _ sandbox: inout clinux_sandbox, in root: OverlayRoot, detail: (Int) -> String
    ) throws -> SandboxProcess {
        let (read, write) = try Descriptor.pipe()
        var channel = try StartChannel()
        let first = try channel.start { clinux_start_sandbox(&sandbox, $0, write.number) }
        try channel.awaitReady(first, detail: detail)
        channel.release()
        try channel.awaitStart(first, detail: detail)
        return SandboxProcess(first: first, ending: read, root: root)
    }

    /// The number of its process 1, as this process sees it: /proc/ID/root is its root, its children are the program's.
    public var id: pid_t { first.id }

    /// Waits for the end of the program, and of everything else in there.
    public func wait() throws(SystemError) -> ChildProcess.Ending {
        let last = try first.wait()
        var status: Int32 = 0
        let count = withUnsafeMutableBytes(of: &status) { read(ending.number, $0.baseAddress, $0.count) }
        // Without a status process 1 was killed, and the program with it.
        return count == MemoryLayout<Int32>.size ? ChildProcess.Ending(waitStatus: status) : last
    }

    /// Sends the program a signal.
    public func signal(_ number: Int32) { Glibc.kill(first.id, number) }

    /// Ends everything in there at once.
    public func kill() { first.kill() }
}
