import BakeModel
import CLinux
import Glibc
import LinuxSystem

/// A mounted root in which programs run, each in mount, pid, ipc and uts namespaces of its own, with nothing of the
/// machine in reach but what it is given. Only inside a user namespace of bake's.
///
/// A program has Docker's default capabilities but for making devices, raw sockets and the audit log, so it may change
/// owners and users, and set file capabilities. It cannot gain any (`no_new_privs`): `su` and `setpriv` work for root,
/// `sudo` for another user does not. It cannot make user namespaces, load programs into the kernel or use its keys.
public struct Sandbox: Sendable {
    /// A file or directory of the machine that appears inside.
    public struct Bind: Hashable, Sendable {
        /// The path outside.
        public let source: String
        /// The path inside, absolute; a place is made there where the root has none.
        public let target: String
        /// Whether it can only be read.
        public let isReadOnly: Bool

        /// Describes it.
        public init(_ source: String, at target: String, isReadOnly: Bool = false) {
            self.source = source
            self.target = target
            self.isReadOnly = isReadOnly
        }
    }

    /// Descriptors 0, 1 and 2 of a program.
    public struct Streams: Sendable {
        let input: Descriptor
        let output: Descriptor
        let errors: Descriptor
        /// The path of the terminal that all three are; nil where they are none.
        let terminal: String?

        /// Describes them.
        /// - Parameter terminal: the path of the terminal that all three are: it becomes the controlling one.
        public init(input: Descriptor, output: Descriptor, errors: Descriptor, terminal: String? = nil) {
            self.input = input
            self.output = output
            self.errors = errors
            self.terminal = terminal
        }

        /// No input, and one place for output and errors.
        public static func log(_ log: Descriptor) throws(SystemError) -> Streams {
            Streams(input: try Descriptor.open("/dev/null", O_RDONLY), output: log, errors: log)
        }
    }

    /// Which network programs have.
    public enum Network: Sendable {
        /// A loopback of their own.
        case own
        /// That of this process: its own loopback, or the machine's, as its launcher was.
        case shared
    }

    private let root: OverlayRoot
    private let network: Network
    private let binds: [Bind]
    private let files: [String: String]
    private let hostName: String
    private let limits: SandboxLimits
    private let group: ControlGroup

    /// Prepares a root for programs.
    /// - Parameters:
    ///   - root: mounted for `.sandbox`.
    ///   - nameServers: the text of /etc/resolv.conf; empty where there is no network.
    ///   - authorities: the certificates that stand for the root's own, where it has the package ca-certificates; nil
    ///     leaves those.
    ///   - limits: what all programs together may use; their time is up to `SandboxProcess.wait(within:)`.
    ///   - names: its own and others'.
    public init(
        _ root: OverlayRoot, network: Network = .own, nameServers: String = "", authorities: String? = nil,
        binds: [Bind] = [], limits: SandboxLimits = SandboxLimits(), names: SandboxNames = .alone
    ) throws(SystemError) {
        self.root = root
        self.limits = limits
        group = ControlGroup(limits)
        self.network = network
        self.binds = binds
        hostName = names.own
        var files = [
            "/etc/hosts": try root.scratch.makeFile("hosts", names.hosts),
            "/etc/hostname": try root.scratch.makeFile("hostname", "\(names.own)\n"),
            "/etc/resolv.conf": try root.scratch.makeFile("resolv.conf", nameServers),
        ]
        if let authorities { files[Self.authorities] = try root.scratch.makeFile("authorities", authorities) }
        self.files = files
    }

    /// Where Debian's programs look for the certificates that they trust.
    private static let authorities = "/etc/ssl/certs/ca-certificates.crt"

    /// Prepares a root for programs with the network of this process, the machine's name servers and the authorities
    /// that it trusts, a company's own among them; or with no network.
    init(
        _ root: OverlayRoot, sharingNetwork: Bool, binds: [Bind], limits: SandboxLimits = SandboxLimits()
    ) throws {
        try self.init(
            root, network: sharingNetwork ? .shared : .own,
            nameServers: (sharingNetwork ? Self.text(of: "/etc/resolv.conf") : nil) ?? "",
            authorities: sharingNetwork ? Self.text(of: Self.authorities) : nil, binds: binds, limits: limits)
    }

    /// A file of the machine; nil where it has none.
    private static func text(of path: String) -> String? {
        let bytes = try? Descriptor.open(path, O_RDONLY).readAll(limit: 4 << 20)
        return bytes.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The host name that programs see.
    public static let hostName = "bake"

    /// What a program that is root may do.
    public static let capabilities: Set<Capability> = [
        .chown, .overrideAccess, .own, .keepSetID, .kill, .setGroup, .setUser, .setCapabilities, .bindLowPorts,
        .changeRoot, .setFileCapabilities,
    ]

    /// Constant, because programs adapt to them: as many open files as Linux gives by custom, and no core files.
    private static let constantLimits = [
        clinux_limit(resource: Int32(RLIMIT_NOFILE.rawValue), soft: 1024, hard: 65_536),
        clinux_limit(resource: Int32(RLIMIT_CORE.rawValue), soft: 0, hard: 0),
    ]

    /// Files in memory count as memory in a control group. Without one each file system has a limit of its own.
    private var memory: UInt64? { group.limitsMemory ? nil : limits.memory }

    /// What stands in where there is no control group.
    private var processLimits: [clinux_limit] {
        var found = Self.constantLimits
        if let memory = limits.memory, !group.limitsMemory {
            found.append(clinux_limit(resource: Int32(RLIMIT_AS.rawValue), soft: memory, hard: memory))
        }
        if !group.limitsProcesses {
            let count = UInt64(limits.processes)
            found.append(clinux_limit(resource: Int32(__RLIMIT_NPROC.rawValue), soft: count, hard: count))
        }
        return found
    }

    /// Starts a program. It ends, with all that it started, when the thread that calls this ends.
    /// - Throws: `NamespaceError` where the sandbox could not be made or the program not be run; `SandboxUserError`.
    public func start(_ program: SandboxProgram, _ streams: Streams) throws -> SandboxProcess {
        try withDescription(of: program, streams) { raw, detail in
            try SandboxProcess.start(&raw, in: root, group, detail: detail)
        }
    }

    /// Starts a program among those of one that was started here: in its root, with what that changed and its /tmp, and
    /// among its processes. It leads a session of its own, and ends when the other one ends.
    /// - Throws: as `start`; `NamespaceError` where the other one has ended.
    public func start(
        _ program: SandboxProgram, _ streams: Streams, beside process: SandboxProcess
    ) throws -> ChildProcess {
        try withDescription(of: program, streams) { raw, detail in try process.join(&raw, detail: detail) }
    }

    /// Starts a program with a terminal that nobody sits at as its streams.
    /// - Returns: also where all that it says is to be read; an error of EIO there is the end.
    public func startAtTerminal(_ program: SandboxProgram) throws -> (process: SandboxProcess, output: Descriptor) {
        let user = try SandboxUser(program.user, in: try root.open())
        let terminal = try SandboxTerminal.make(for: user, in: root.scratch)
        let streams = Streams(
            input: terminal.inner, output: terminal.inner, errors: terminal.inner, terminal: terminal.path)
        return (try start(program, streams), terminal.controller)
    }

    private func withDescription<Process>(
        of program: SandboxProgram, _ streams: Streams,
        _ start: (inout clinux_sandbox, (Int) -> String) throws -> Process
    ) throws -> Process {
        let user = try SandboxUser(program.user, in: try root.open())
        let environment = program.environment(home: user.home)
        let steps =
            SandboxFurniture.steps(names: files, memory: memory, terminal: streams.terminal) + binds.flatMap(\.steps)
            + program.steps
        let arena = CStringArena()
        var raw = clinux_sandbox()
        raw.root = arena.constant(root.path)
        raw.own_network = network == .own ? 1 : 0
        raw.hostname = arena.constant(hostName)
        raw.steps = arena.pointer(to: steps.map { $0.raw(in: arena) })
        raw.step_count = steps.count
        let name = program.arguments.first ?? ""
        let candidates = SandboxProgram.candidates(for: name, environment: environment)
        raw.candidates = arena.pointer(to: candidates.map { arena.constant($0) } + [nil])
        raw.arguments = arena.array(program.arguments)
        raw.environment = arena.array(environment)
        raw.directory = arena.constant(program.workingDirectory)
        (raw.user, raw.group) = (user.user, user.group)
        raw.groups = arena.pointer(to: user.otherGroups)
        raw.group_count = user.otherGroups.count
        raw.capabilities = Capability.mask(of: Self.capabilities)
        let processLimits = processLimits
        raw.limits = arena.pointer(to: processLimits)
        raw.limit_count = processLimits.count
        raw.streams = (streams.input.number, streams.output.number, streams.errors.number)
        raw.terminal = streams.terminal == nil ? 0 : 1
        raw.program_is_first = program.isFirst ? 1 : 0
        defer { withExtendedLifetime((arena, streams)) {} }
        return try start(&raw) { index in
            switch index {
            case -1: program.workingDirectory
            case -2: name
            default: steps[index].target
            }
        }
    }
}
