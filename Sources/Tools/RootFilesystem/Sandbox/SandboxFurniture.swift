import Glibc

/// What every sandbox's root has besides the image: /proc, /dev, /sys, /tmp, /run, and its own names for hosts.
///
/// The list follows the OCI runtime specification's default file systems and Docker's masked and read-only paths. They
/// matter more here: in root's sandbox user 0 is the machine's user 0, whom the kernel lets write below /proc/sys.
enum SandboxFurniture {
    private static let noSetID = UInt(MS_NOSUID)
    private static let noDevices = UInt(MS_NODEV)
    private static let noPrograms = UInt(MS_NOEXEC)
    private static let readOnly = UInt(MS_RDONLY)

    private static let maskedFiles = [
        "interrupts", "kallsyms", "kcore", "keys", "key-users", "kmsg", "kpagecgroup", "kpagecount", "kpageflags",
        "latency_stats", "sched_debug", "timer_list", "timer_stats",
    ]
    private static let maskedDirectories = ["acpi", "asound", "scsi"]
    private static let unchangeable = ["bus", "fs", "irq", "mtrr", "sys", "sysrq-trigger"]
    private static let devices = ["null", "zero", "full", "random", "urandom", "tty"]

    /// The steps, in order.
    /// - Parameters:
    ///   - names: the machine's paths of the files that stand for /etc/hosts, /etc/hostname and /etc/resolv.conf.
    ///   - memory: the most bytes that each file system in memory may have; half of the machine's where nil.
    ///   - terminal: the path of the terminal that /dev/console is, where there is one.
    static func steps(names: [String: String], memory: UInt64?, terminal: String?) -> [SandboxStep] {
        let size = memory.map { ",size=\($0)" } ?? ""
        return proc + dev(terminal: terminal, size) + [
            .mount("tmpfs", "/sys", flags: noSetID | noDevices | noPrograms | readOnly, options: "mode=755").ifPossible,
            .mount("tmpfs", "/run", flags: noSetID | noDevices, options: "mode=755\(size)").ifPossible,
            .mount("tmpfs", "/tmp", flags: noSetID | noDevices, options: "mode=1777\(size)").ifPossible,
        ] + names.sorted { $0.key < $1.key }.map { .bind($0.value, at: $0.key).ifPossible }
    }

    private static var proc: [SandboxStep] {
        let flags = noSetID | noDevices | noPrograms
        return [.mount("proc", "/proc", flags: flags)]
            + maskedFiles.map { .bind("/dev/null", at: "/proc/\($0)").ifPossible }
            + maskedDirectories.map { .mount("tmpfs", "/proc/\($0)", flags: flags | readOnly).ifPossible }
            + unchangeable.flatMap { name -> [SandboxStep] in
                let path = "/proc/\(name)"
                return [.rebind(path, at: path).ifPossible, .restrict(path, flags: flags | readOnly).ifPossible]
            }
    }

    private static func dev(terminal: String?, _ size: String) -> [SandboxStep] {
        var steps: [SandboxStep] = [
            .mount("tmpfs", "/dev", flags: noSetID | noPrograms, options: "mode=755,size=1m"),
            .directory("/dev/pts"), .directory("/dev/shm"), .directory("/dev/mqueue"),
        ]
        for name in devices {
            let path = "/dev/\(name)"
            // They are the machine's: written to, but their modes and times stay.
            steps += [
                .file(path), .bind(path, at: path),
                .restrict(path, flags: noSetID | noPrograms | readOnly).ifPossible,
            ]
        }
        if let terminal { steps += [.file("/dev/console"), .bind(terminal, at: "/dev/console")] }
        return steps + [
            .link("/dev/fd", to: "/proc/self/fd"), .link("/dev/stdin", to: "/proc/self/fd/0"),
            .link("/dev/stdout", to: "/proc/self/fd/1"), .link("/dev/stderr", to: "/proc/self/fd/2"),
            .link("/dev/ptmx", to: "pts/ptmx"),
            .mount(
                "devpts", "/dev/pts", flags: noSetID | noPrograms,
                options: "newinstance,ptmxmode=0666,mode=0620,gid=5"),
            .mount("tmpfs", "/dev/shm", flags: noSetID | noDevices | noPrograms, options: "mode=1777\(size)"),
            .mount("mqueue", "/dev/mqueue", flags: noSetID | noDevices | noPrograms),
        ]
    }
}
