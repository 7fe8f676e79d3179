import CLinux
import Glibc

/// What outlives whoever started it, such as a daemon in a session of its own: it comes to this process instead of to
/// process 1, and ends with it. PR_SET_CHILD_SUBREAPER of prctl(2).
public enum StrayProcesses {
    /// How long the kernel may take to end them, in milliseconds.
    private static let patience = 5_000
    private static let pause = 2

    /// From now on what loses its parent among the descendants of this process is its child.
    public static func adopt() { clinux_adopt_strays() }

    /// Ends every child of this process and what they leave to it in turn. Only where no other thread waits for a child.
    public static func end() {
        for _ in 0..<(patience / pause) {
            ChildProcess.killAll()
            var reaped: pid_t
            repeat { reaped = waitpid(-1, nil, WNOHANG) } while reaped > 0
            // No child is left, and none can come.
            if reaped < 0, errno == ECHILD { return }
            usleep(UInt32(pause * 1000))
        }
    }
}
