import Glibc
import LinuxSystem

/// Control groups of one sandbox, for the controllers that this process may use; removed with this object.
final class ControlGroup: Sendable {
    private let memory: ControlGroupDirectory?
    private let processes: ControlGroupDirectory?

    /// Makes them. A controller that cannot be had is no error: `limits` says which were.
    init(_ limits: SandboxLimits) {
        var made: [ControlGroupPlace: ControlGroupDirectory] = [:]
        func directory(for controller: ControlGroupController) -> ControlGroupDirectory? {
            guard let place = ControlGroupPlace.forThisProcess(controller) else { return nil }
            if made[place] == nil { made[place] = try? ControlGroupDirectory(in: place) }
            return made[place]
        }
        let memory = limits.memory.flatMap { bytes in
            directory(for: .memory).flatMap { $0.limitMemory(to: bytes) ? $0 : nil }
        }
        // The watcher is one more.
        let processes = directory(for: .pids).flatMap { $0.limitProcesses(to: limits.processes + 1) ? $0 : nil }
        (self.memory, self.processes) = (memory, processes)
    }

    /// Whether memory is limited here.
    var limitsMemory: Bool { memory != nil }
    /// Whether processes are.
    var limitsProcesses: Bool { processes != nil }

    private var directories: Set<ControlGroupDirectory> { Set([memory, processes].compactMap(\.self)) }

    /// Where they are.
    var paths: [String] { directories.map(\.path) }

    /// Puts a process in, and with it all that it will start.
    func add(_ process: pid_t) throws(SystemError) {
        for directory in directories { try directory.add(process) }
    }

    /// The limit that was run into; nil where none was.
    var exceeded: ExceededLimit? {
        if memory?.killedForMemory == true { return .memory }
        return processes?.refusedProcesses == true ? .processes : nil
    }
}

/// One directory of a control group. Its lock tells the living from what killed processes left, which is swept.
final class ControlGroupDirectory: Sendable {
    private static let prefix = "bake."
    let path: String
    private let version: ControlGroupPlace.Version
    private let lock: Descriptor

    init(in place: ControlGroupPlace) throws(SystemError) {
        version = place.version
        Self.sweep(place.path)
        while true {
            let path = "\(place.path)/\(Self.prefix)\(String(UInt64.random(in: .min ... .max), radix: 36))"
            try SystemError.check("make the control group", path) { mkdir(path, 0o755) }
            // A sweep may have had the lock between the calls, and removed the group.
            guard let lock = Self.lock(path), access(path, F_OK) == 0 else { continue }
            (self.path, self.lock) = (path, lock)
            return
        }
    }

    // A group in which something still ends cannot go now: the next sweep takes it.
    deinit { rmdir(path) }

    func add(_ process: pid_t) throws(SystemError) {
        try Descriptor.open("\(path)/cgroup.procs", O_WRONLY).write("\(process)".utf8)
    }

    /// Swap would only make a runaway slower. Where one process is killed for memory, all are: half a build is none.
    func limitMemory(to bytes: UInt64) -> Bool {
        switch version {
        case .first:
            guard set("memory.limit_in_bytes", "\(bytes)") else { return false }
            _ = set("memory.memsw.limit_in_bytes", "\(bytes)")
        case .second:
            guard set("memory.max", "\(bytes)") else { return false }
            _ = set("memory.swap.max", "0")
            _ = set("memory.oom.group", "1")
        }
        return true
    }

    func limitProcesses(to count: Int) -> Bool { set("pids.max", "\(count)") }

    var killedForMemory: Bool {
        count(of: "oom_kill", in: version == .first ? "memory.oom_control" : "memory.events") > 0
    }

    var refusedProcesses: Bool { count(of: "max", in: "pids.events") > 0 }

    private func set(_ file: String, _ value: String) -> Bool {
        (try? Descriptor.open("\(path)/\(file)", O_WRONLY).write(value.utf8)) != nil
    }

    /// Lines are `NAME NUMBER`.
    private func count(of name: String, in file: String) -> Int {
        let text = (try? DurableFile.read("\(path)/\(file)", limit: 65_536)).map { String(decoding: $0, as: UTF8.self) }
        let line = text?.split(separator: "\n").map { $0.split(separator: " ") }.first { $0.first == Substring(name) }
        return line.flatMap { $0.last.flatMap { Int($0) } } ?? 0
    }

    private static func lock(_ path: String) -> Descriptor? {
        guard let directory = try? Descriptor.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW),
            flock(directory.number, LOCK_EX | LOCK_NB) == 0
        else { return nil }
        return directory
    }

    /// Removes the groups of processes that died.
    private static func sweep(_ parent: String) {
        guard let names = try? Descriptor.open(parent, O_RDONLY | O_DIRECTORY).sortedNames() else { return }
        for name in names where name.starts(with: prefix.utf8) {
            let path = "\(parent)/\(String(decoding: name, as: UTF8.self))"
            if let lock = lock(path) { withExtendedLifetime(lock) { _ = rmdir(path) } }
        }
    }
}

extension ControlGroupDirectory: Hashable {
    static func == (left: ControlGroupDirectory, right: ControlGroupDirectory) -> Bool { left === right }
    func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
