import CLinux
import Glibc
import LinuxSystem
import Synchronization

/// A program in a sandbox, with its watcher.
public struct SandboxProcess: Sendable {
    /// Process 1 of the sandbox, or where the program is that, its parent outside: `Sandbox.h`.
    private let watcher: ChildProcess
    private let ending: Descriptor
    /// A pidfd of process 1: its number may be another's once it has ended.
    private let first: Descriptor
    private let root: RootInUse
    private let group: ControlGroup

    static func start(
        _ sandbox: inout clinux_sandbox, in root: OverlayRoot, _ group: ControlGroup, detail: (Int) -> String
    ) throws -> SandboxProcess {
        let (read, write) = try Descriptor.pipe()
        var channel = try StartChannel()
        let watcher = try channel.start { clinux_start_sandbox(&sandbox, $0, write.number) }
        try channel.awaitReady(watcher, detail: detail)
        // Before it goes on: all that it starts is in the group too.
        try orEnding(watcher) { try group.add(watcher.id) }
        channel.release()
        let first = try openFirst(of: sandbox, watcher, channel, detail: detail)
        try channel.awaitStart(watcher, detail: detail)
        return SandboxProcess(watcher: watcher, ending: read, first: first, root: RootInUse(root), group: group)
    }

    /// A pidfd of process 1. Where that is the program, it waits until it is had.
    private static func openFirst(
        of sandbox: clinux_sandbox, _ watcher: ChildProcess, _ channel: borrowing StartChannel, detail: (Int) -> String
    ) throws -> Descriptor {
        guard sandbox.program_is_first != 0 else { return try orEnding(watcher) { try .open(process: watcher.id) } }
        let program = try channel.awaitReady(watcher, detail: detail)
        defer { channel.release() }
        return try orEnding(watcher) { try .open(process: program) }
    }

    /// Starts another program among those of this sandbox. It leads a session of its own.
    func join(_ sandbox: inout clinux_sandbox, detail: (Int) -> String) throws -> ChildProcess {
        var channel = try StartChannel()
        let guide = try channel.start { clinux_join_sandbox(&sandbox, first.number, $0) }
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

    /// The number of a process, as this process sees it, that has the sandbox's root and mounts as they were made, whatever
    /// the program does to its own: /proc/ID/root and /proc/ID/mountinfo.
    public var id: pid_t { watcher.id }

    /// Waits for the end of the program, and of everything else in there.
    public func wait() throws(SystemError) -> ChildProcess.Ending {
        let last = try watcher.wait()
        root.release()
        var status: Int32 = 0
        let count = withUnsafeMutableBytes(of: &status) { read(ending.number, $0.baseAddress, $0.count) }
        if count == MemoryLayout<Int32>.size { return ChildProcess.Ending(waitStatus: status) }
        // Without a status the watcher was killed, and nothing in there may outlive it.
        kill()
        return last
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
        let deadline = Deadline(seconds: seconds) { [first] in first.killProcess() }
        let ending = try wait()
        return withExtendedLifetime(deadline) { (ending, deadline.hasPassed) }
    }

    /// Ends everything in there at once.
    public func kill() { first.killProcess() }
}

/// The root of a running program: its changes go there, so it must stay as long, and not a moment longer, whoever
/// still has the process at hand.
private final class RootInUse: Sendable {
    private let root: Mutex<OverlayRoot?>

    init(_ root: OverlayRoot) { self.root = Mutex(root) }

    func release() { root.withLock { $0 = nil } }
}
