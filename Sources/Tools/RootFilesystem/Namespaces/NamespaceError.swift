import BakeModel
import CLinux
import Glibc
import LinuxSystem

/// Why namespaces or a sandbox could not be had.
public enum NamespaceError: ExplainedError {
    /// The user has no subordinate ids.
    case noSubordinateIDs(user: String)
    /// newuidmap or newgidmap is missing.
    case noMapTools(String)
    /// newuidmap or newgidmap refused; what it said.
    case mapToolFailed(String, String)
    /// The kernel did not take the maps that root wrote.
    case mapRefused(any Error)
    /// The kernel gave no namespaces.
    case noNamespaces(SystemError)
    /// A step in the new namespaces failed: which, on what.
    case stepFailed(String, String, number: Int32)
    /// The process ended without saying why.
    case endedEarly(ChildProcess.Ending)

    public var doing: String {
        switch self {
        case .noSubordinateIDs, .noMapTools, .mapToolFailed, .mapRefused: "map the users of a namespace for"
        case .noNamespaces: "make"
        case .stepFailed(let step, _, _): step
        case .endedEarly: "start"
        }
    }

    public var subject: String {
        switch self {
        case .noSubordinateIDs(let user): user
        case .noMapTools, .mapToolFailed, .mapRefused: "the sandbox"
        case .noNamespaces: "the sandbox's namespaces"
        case .stepFailed(_, let subject, _): subject
        case .endedEarly: "the sandbox"
        }
    }

    public var reason: String {
        switch self {
        case .noSubordinateIDs: "/etc/subuid and /etc/subgid give this user no range of 65535 ids"
        case .noMapTools(let tool): "\(tool) is not installed"
        case .mapToolFailed(let tool, let message): "\(tool): \(message.isEmpty ? "it failed" : message)"
        case .mapRefused(let error): (error as? any ExplainedError)?.reason ?? "\(error)"
        case .noNamespaces(let error): error.reason
        case .stepFailed(_, _, let number): String(cString: strerror(number))
        case .endedEarly(let ending): "its first process ended with \(ending.explanation)"
        }
    }

    public var hint: String? {
        switch self {
        case .noSubordinateIDs(let user):
            "as root: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 \(user)"
        case .noMapTools: "as root: apt-get install uidmap"
        case .mapRefused: "bake as root needs the users 0 to 65535; inside a container, give it all of them"
        case .noNamespaces:
            "allow user namespaces: sysctl user.max_user_namespaces=15000 and, where it exists, kernel.unprivileged_userns_clone=1"
        case .stepFailed("mount", "/proc", _):
            "inside a container, /proc must not be masked (Docker: --security-opt systempaths=unconfined)"
        case .mapToolFailed, .stepFailed, .endedEarly: nil
        }
    }
}

extension NamespaceError {
    /// The failure that a child reported.
    /// - Parameter detail: what the step with an index worked on.
    init(_ report: clinux_report, detail: (Int) -> String) {
        let (step, subject) = Self.words(for: report, detail)
        self = .stepFailed(step, subject, number: report.error)
    }

    private static func words(for report: clinux_report, _ detail: (Int) -> String) -> (String, String) {
        let index = Int(report.index)
        return switch clinux_stage(UInt32(bitPattern: report.stage)) {
        case CLINUX_STAGE_IDENTITY: ("take", ["the group", "the user", "the groups"][min(max(index, 0), 2)])
        case CLINUX_STAGE_PARENT_DEATH: ("tie", "the sandbox to its parent")
        case CLINUX_STAGE_PROPAGATION: ("keep private", "the sandbox's mounts")
        case CLINUX_STAGE_PROC: ("mount", "/proc")
        case CLINUX_STAGE_LOOPBACK: ("raise", "the loopback interface")
        case CLINUX_STAGE_HOSTNAME: ("set", "the host name")
        case CLINUX_STAGE_GROUP: ("hide", "the machine's control groups")
        case CLINUX_STAGE_JOIN: ("enter", "the running sandbox")
        case CLINUX_STAGE_SOURCE, CLINUX_STAGE_MOUNT: ("mount", detail(index))
        case CLINUX_STAGE_PIVOT: ("change", "the root")
        case CLINUX_STAGE_DESCRIPTORS: ("arrange", "the descriptors")
        case CLINUX_STAGE_FORK: ("start", "the sandbox's program")
        case CLINUX_STAGE_TERMINAL: ("take", "the terminal")
        case CLINUX_STAGE_LIMITS: ("set", "a resource limit")
        case CLINUX_STAGE_CAPABILITIES: ("drop", "capability \(index)")
        case CLINUX_STAGE_FILTER: ("filter", "system calls")
        case CLINUX_STAGE_DIRECTORY: ("enter", detail(-1))
        case CLINUX_STAGE_EXECUTE: ("run", detail(-2))
        default: ("start", "the sandbox")
        }
    }
}
