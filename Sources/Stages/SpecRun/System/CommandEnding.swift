import LinuxSystem

/// How commands end, in the numbers of those who ask, and in words where a number hides a signal.
extension ChildProcess.Ending {
    /// The status as Go's `WaitStatus.ExitStatus` has it, and so goss: -1 where a signal ended it.
    var gossStatus: Int64 {
        if case .exited(let status) = self { Int64(status) } else { -1 }
    }

    /// The status as a shell or a container runtime tells it: 128 and the signal where one ended it.
    var shellStatus: Int64 {
        switch self {
        case .exited(let status): Int64(status)
        case .signalled(let signal): 128 + Int64(signal)
        }
    }

    /// "killed by SIGSEGV, signal 11"; nil where no signal is behind it.
    var signalRemark: String? {
        switch self {
        case .signalled(let signal): Self.killed(by: signal) ?? "killed by signal \(signal)"
        case .exited(let status):
            Self.killed(by: status - 128).map { "as of a shell whose command was \($0)" }
        }
    }

    /// Nil for a number that no signal has.
    private static func killed(by signal: Int32) -> String? {
        ChildProcess.name(ofSignal: signal).map { "killed by \($0), signal \(signal)" }
    }
}
