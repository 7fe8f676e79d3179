import BakeModel
import CLinux
import Glibc

/// A program that bake started, with nothing inherited but what it was given.
///
/// posix_spawn(3), because fork is unsafe with threads; synchronous, because every caller is a thread of its own.
public struct ChildProcess: Sendable {
    /// The process id.
    public let id: pid_t

    /// How a process ended.
    public enum Ending: Hashable, Sendable {
        /// It called exit with this status.
        case exited(Int32)
        /// This signal ended it.
        case signalled(Int32)

        /// Whether it exited with 0.
        public var succeeded: Bool { self == .exited(0) }

        /// "exit status 2", "signal 9".
        public var explanation: String {
            switch self {
            case .exited(let status): "exit status \(status)"
            case .signalled(let signal): "signal \(signal) (\(String(cString: strsignal(signal))))"
            }
        }

        /// Reads the status that waitpid(2) gives.
        public init(waitStatus: Int32) {
            let signal = waitStatus & 0x7f
            self = signal == 0 ? .exited((waitStatus >> 8) & 0xff) : .signalled(signal)
        }
    }

    /// `SIGSEGV`; nil for a number that is no signal's.
    public static func name(ofSignal number: Int32) -> String? {
        clinux_signal_name(number).map { "SIG\(String(cString: $0))" }
    }

    /// Starts a program.
    /// - Parameters:
    ///   - path: the executable's path; PATH is not searched.
    ///   - arguments: what follows the program's name.
    ///   - environment: all of its environment, `NAME=value`.
    ///   - descriptors: what each of its descriptors is. 0, 1 and 2 are /dev/null where absent.
    ///   - directory: where it starts; where bake is when nil.
    ///   - leadsGroup: whether it leads a process group of its own, to which what it starts belongs.
    public static func start(
        _ path: String, _ arguments: [String], environment: [String], descriptors: [Int32: Descriptor] = [:],
        directory: String? = nil, leadsGroup: Bool = false
    ) throws(SystemError) -> ChildProcess {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // Moved out of the way of the targets first: a dup2 must not overwrite a source that a later one needs.
        var moved: [Int32: Descriptor] = [:]
        for (target, source) in descriptors { moved[target] = try source.duplicate(from: 64) }
        for target in Int32(0)...2 where moved[target] == nil {
            posix_spawn_file_actions_addopen(&actions, target, "/dev/null", target == 0 ? O_RDONLY : O_WRONLY, 0)
        }
        for (target, source) in moved { posix_spawn_file_actions_adddup2(&actions, source.number, target) }
        // What this process inherited without close-on-exec is not the child's business.
        let highest = descriptors.keys.max() ?? 2
        clinux_spawn_addclosefrom(&actions, max(highest, 2) + 1)
        if let directory { clinux_spawn_addchdir(&actions, directory) }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        let group = leadsGroup ? POSIX_SPAWN_SETPGROUP : 0
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | group))

        var id: pid_t = 0
        let number = CStrings.with([path] + arguments) { argv in
            CStrings.with(environment) { envp in posix_spawn(&id, path, &actions, &attributes, argv, envp) }
        }
        withExtendedLifetime(moved) {}
        guard number == 0 else { throw SystemError("start", path, number: number) }
        return ChildProcess(id: id)
    }

    /// Waits for the end.
    public func wait() throws(SystemError) -> Ending {
        var status: Int32 = 0
        try SystemError.check("wait for", "process \(id)") { waitpid(id, &status, 0) }
        return Ending(waitStatus: status)
    }

    /// Waits for the end without taking note of it: its number stays its own until `wait`.
    func awaitEnd() throws(SystemError) {
        var facts = siginfo_t()
        try SystemError.check("wait for", "process \(id)") { waitid(P_PID, id_t(id), &facts, WEXITED | WNOWAIT) }
    }

    /// Ends the group that it leads at once, whether it has ended itself or not. Only before `wait`.
    func killGroup() { Glibc.kill(-id, SIGKILL) }

    /// Ends it at once. Harmless where it has ended but was not waited for.
    public func kill() { Glibc.kill(id, SIGKILL) }
}

/// Arrays of C strings for exec and spawn.
public enum CStrings {
    /// Calls `body` with a null-terminated array of the strings, valid during the call.
    public static func with<Result>(
        _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<CChar>?.self, capacity: strings.count + 1) { pointers in
            for (index, string) in strings.enumerated() { pointers.initializeElement(at: index, to: strdup(string)) }
            pointers.initializeElement(at: strings.count, to: nil)
            defer { for pointer in pointers { free(pointer) } }
            // Never empty: the closing null is always there.
            return body(pointers.baseAddress.unsafelyUnwrapped)
        }
    }
}
