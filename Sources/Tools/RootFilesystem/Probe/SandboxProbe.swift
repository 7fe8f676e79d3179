import BakeModel
import BlobStorage
import Glibc
import LinuxSystem

/// Finds out what this machine's kernel gives the user who asks: namespaces, overlays, the sandbox, its limits. What can
/// be tried is tried, as a bake would do it.
public struct SandboxProbe: Sendable {
    private let program: HelperProgram
    private let directory: String
    private let isRoot: Bool

    /// - Parameters:
    ///   - program: bake itself, which serves `RootHelper`.
    ///   - directory: where an overlay is tried, on the file system of the store. Nothing stays there.
    public init(program: HelperProgram, directory: String) {
        self.program = program
        self.directory = directory
        isRoot = geteuid() == 0
    }

    /// Every check, in the order in which a bake would fail.
    public func checks() -> [MachineCheck] {
        let needs = [kernel, userNamespaces, subordinateIDs, systemCallFilter]
        // Where one of them is missing a trial would only say the same again.
        let tried = needs.contains { $0.state == .missing } ? [] : trials()
        return needs + tried + [controlGroups]
    }

    /// `mount_setattr`, `openat2`, `userxattr` overlays: Linux 5.12 has all.
    private var kernel: MachineCheck {
        var name = utsname()
        uname(&name)
        let release = withUnsafeBytes(of: name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        let numbers = release.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
        guard let major = numbers.first, numbers.count == 2, (major, numbers[1]) >= (5, 12) else {
            return MachineCheck("kernel", .missing, "Linux \(release)", remedy: "bake needs Linux 5.12 or newer")
        }
        return MachineCheck("kernel", .ok, "Linux \(release)")
    }

    private var userNamespaces: MachineCheck {
        let name = "user namespaces"
        let most = Self.setting("user/max_user_namespaces")
        if most == "0" {
            return MachineCheck(
                name, .missing, "user.max_user_namespaces is 0",
                remedy: "as root: sysctl -w user.max_user_namespaces=15000")
        }
        if !isRoot, Self.setting("kernel/unprivileged_userns_clone") == "0" {
            return MachineCheck(
                name, .missing, "the kernel gives them to root alone",
                remedy: "as root: sysctl -w kernel.unprivileged_userns_clone=1")
        }
        if !isRoot, Self.setting("kernel/apparmor_restrict_unprivileged_userns") == "1" {
            return MachineCheck(
                name, .weak, "AppArmor takes the privileges in them away from programs without a profile",
                remedy: "as root: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0")
        }
        return MachineCheck(name, .ok, most.map { "at most \($0)" } ?? "allowed")
    }

    private var subordinateIDs: MachineCheck {
        let name = "subordinate ids"
        if isRoot { return MachineCheck(name, .ok, "root needs none") }
        do {
            let maps = try IdentityMaps.forThisProcess()
            for tool in ["/usr/bin/newuidmap", "/usr/bin/newgidmap"] where access(tool, X_OK) != 0 {
                throw NamespaceError.noMapTools(tool)
            }
            let first = maps.users.last.map { "\($0.outside) to \($0.outside + $0.count - 1)" } ?? ""
            return MachineCheck(name, .ok, first)
        } catch {
            return MachineCheck(name, failed: error)
        }
    }

    private var systemCallFilter: MachineCheck {
        let actions = Self.setting("kernel/seccomp/actions_avail") ?? ""
        guard actions.split(separator: " ").contains("errno") else {
            return MachineCheck(
                "seccomp", .missing, "the kernel filters no system calls",
                remedy: "a kernel with CONFIG_SECCOMP_FILTER, as Debian's is")
        }
        return MachineCheck("seccomp", .ok, "system calls can be filtered")
    }

    private static func setting(_ name: String) -> String? {
        guard let bytes = try? DurableFile.read("/proc/sys/\(name)", limit: 4096) else { return nil }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").first.map(String.init)
    }
}

extension SandboxProbe {
    private static let scratchPrefix = ".bake-doctor."

    /// A store for a moment, in which a helper mounts an overlay, and runs a program in a sandbox.
    private func trials() -> [MachineCheck] {
        let overlay = "overlay"
        let store: BlobStore
        let scratch: ScratchDirectory
        do {
            // In a directory of everybody's others may have left theirs.
            try? ScratchDirectory.sweep(in: directory, prefix: Self.scratchPrefix)
            scratch = try ScratchDirectory(in: directory, prefix: Self.scratchPrefix)
            store = try BlobStore.create(at: "\(scratch.path)/store")
        } catch {
            return [MachineCheck(overlay, failed: error)]
        }
        defer { withExtendedLifetime(scratch) {} }
        let workshop = RootWorkshop(store: store, program: program)
        do { try workshop.probe(runsProgram: false) } catch {
            // No helper could be started to mount anything.
            return [MachineCheck(error is NamespaceError ? "namespaces" : overlay, failed: error)]
        }
        let mounted = MachineCheck(overlay, .ok, "mounted with userxattr in \(directory)")
        do { try workshop.probe(runsProgram: true) } catch { return [mounted, MachineCheck("sandbox", failed: error)] }
        return [mounted, MachineCheck("sandbox", .ok, "a program ran in one")]
    }

    private var controlGroups: MachineCheck {
        let name = "control groups"
        let found = ControlGroupController.allCases.compactMap { controller in
            ControlGroupPlace.forThisProcess(controller).map { (controller, $0) }
        }
        let places = found.map { "\($0.rawValue) below \($1.path)" }.joined(separator: ", ")
        if found.count == ControlGroupController.allCases.count { return MachineCheck(name, .ok, places) }
        let lacking = ControlGroupController.allCases.filter { wanted in !found.contains { $0.0 == wanted } }
        let words = lacking.map { controller in
            switch controller {
            case .memory: "memory is limited as address space, for each process by itself"
            case .pids: isRoot ? "the processes of user 0 are not limited" : "processes are limited for the whole user"
            }
        }
        return MachineCheck(
            name, .weak, ([places].filter { !$0.isEmpty } + words).joined(separator: "; "),
            remedy: isRoot
                ? "a machine, or container, that lets root write below /sys/fs/cgroup"
                : "systemd-run --user --scope -- bake …")
    }
}
