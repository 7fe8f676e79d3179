import CLinux
import Glibc
import LinuxSystem

extension Sandbox.Bind {
    /// The steps that attach it, after those that make a place for it. What is a device outside cannot be opened inside.
    var steps: [SandboxStep] {
        let flags = MS_NOSUID | MS_NODEV | (isReadOnly ? MS_RDONLY : 0)
        return places.map(\.ifPossible) + [.bind(source, at: target, flags: UInt(flags))]
    }

    /// The directories above the target, and the target itself.
    private var places: [SandboxStep] {
        let directories = SandboxStep.directories(to: target)
        return isDirectory ? directories : directories.dropLast() + [.file(target)]
    }

    private var isDirectory: Bool {
        var status = stat()
        return stat(source, &status) != 0 || status.st_mode & S_IFMT == S_IFDIR
    }
}

extension OverlayRoot {
    /// Does work on a thread that has this as its root, with what is attached there: nobody else sees that.
    public func withAttached<Found: Sendable>(
        _ binds: [Sandbox.Bind], _ work: @escaping @Sendable () throws -> Found
    ) throws -> Found {
        let steps = binds.flatMap(\.steps)
        return try Worker { [path] in
            let arena = CStringArena()
            var report = clinux_report()
            guard clinux_enter_root(path, steps.map { $0.raw(in: arena) }, steps.count, &report) == 0 else {
                throw NamespaceError(report) { steps[$0].target }
            }
            return try work()
        }.result()
    }
}
