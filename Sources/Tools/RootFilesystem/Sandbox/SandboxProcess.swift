import CLinux
import Glibc
import LinuxSystem
import Synchronization

/// A program in a sandbox, under its process 1.
public struct SandboxProcess: Sendable {
    /// Process 1 of the sandbox, as this process sees it.
    private let first: ChildProcess
    private let ending: Descriptor
    /// A pidfd of process 1: its number may be another's once it has ended.
    private let handle: Descriptor
    private let root: RootInUse
    private let group: ControlGroup

    static func start(
        _ sandbox: inout clinux_sandbox, in root: OverlayRoot, _ group: ControlGroup, detail: (Int) -> String
    ) throws -> SandboxProcess {
        let (read, write) = try Descriptor.pipe()
        var channel = try StartChannel()
        let first = try channel.start { clinux_start_sandbox(&sandbox, $0, write.number) }
        try channel.awaitReady(first, detail: detail)
        let handle = try orEnding(first) {
            // Before it goes on: all that it starts is in the group too.
            try group.add(first.id)
            return try Descriptor.open(process: first.id)
        }
        channel.release()
        try channel.awaitStart(first, detail: detail)
        return SandboxProcess(first: first, ending: read, handle: handle, root: RootInUse(root), group: group)
    }

    /// Starts another program among those of this sandbox. It leads a session of its own.
    func join(_ sandbox: inout clinux_sandbox, detail: (Int) -> String) throws -> ChildProcess {
        var channel = try StartChannel()
        let guide = try channel.start { clinux_join_sandbox(&sandbox, handle.number, $0) }
        try channel.awaitReady(guide, detail: detail)
        try Self.orEnding(guide) { try group.add(guide.id) }
        channel.release()
        let program = ChildProcess(adopting: try channel.awaitReady(guide, detail: detail))
        _ = try guide.wait()
        channel.release()
        try channel.awaitStart(program, detail: detail)
        return program
    }

    /// Where something fails for which a child waits, the child ends.
    private static func orEnding<Value>(_ child: ChildProcess, _ body: () throws -> Value) throws -> Value {
        do { return try body() } catch {
            child.kill()
            _ = try? child.wait()
            throw error
        }
    }

    /// The number of its process 1, as this process sees it: /proc/ID/root is its root, its children are the program's.
    public var id: pid_t { first.id }

    /// Waits for the end of the program, and of everything else in there.
    public func wait() throws(SystemError) -> ChildProcess.Ending {
        let last = try first.wait()
        root.release()
        var status: Int32 = 0
        let count = withUnsafeMutableBytes(of: &status) { read(ending.number, $0.baseAddress, $0.count) }
        // Without a status process 1 was killed, and the program with it.
        return count == MemoryLayout<Int32>.size ? ChildProcess.Ending(waitStatus: status) : last
    }

    /// Waits for the end; after so many seconds everything in the sandbox is killed.
    /// - Returns: how it ended, and the limit that it failed for. A process that was killed for memory is a failure,
    ///   whatever the program made of it; one that could not be started is none where the program went on without.
    public func wait(within limits: SandboxLimits) throws -> (ending: ChildProcess.Ending, exceeded: ExceededLimit?) {
        let (ending, timedOut) = try wait(atMost: limits.seconds)
        let exceeded = timedOut ? .time : group.exceeded
        return (ending, exceeded == .processes && ending.succeeded ? nil : exceeded)
    }

    /// Waits for the end; after so many seconds everything in the sandbox is killed.
    public func wait(atMost seconds: Double) throws -> (ending: ChildProcess.Ending, timedOut: Bool) {
        // The timer's closure may outlive this call, and must not keep the root.
        let deadline = Deadline(seconds: seconds) { [first] in first.kill() }
        let ending = try wait()
        return withExtendedLifetime(deadline) { (ending, deadline.hasPassed) }
    }

    /// Sends the program a signal.
    public func signal(_ number: Int32) { Glibc.kill(first.id, number) }

    /// Ends everything in there at once.
    public func kill() { first.kill() }
}

/// The root of a running program: its changes go there, so it must stay as long, and not a moment longer, whoever
/// still has the process at hand.
private final class RootInUse: Sendable {
    private let root: Mutex<OverlayRoot?>

    init(_ root: OverlayRoot) { self.root = Mutex(root) }

    func release() { root.withLock { $0 = nil } }
}
