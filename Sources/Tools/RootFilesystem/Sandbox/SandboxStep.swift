import CLinux
import Glibc

/// One step that furnishes a sandbox's root, taken by its process 1 after the root was changed, so that no path leaves
/// it. `Sandbox.h`.
struct SandboxStep: Hashable, Sendable {
    private let kind: clinux_step_kind.RawValue
    private var isOptional = false
    private var source: String?
    /// Where, inside the root.
    let target: String
    private var type: String?
    private var flags: UInt = 0
    private var options: String?

    private init(_ kind: clinux_step_kind, _ target: String) {
        self.kind = kind.rawValue
        self.target = target
    }

    static func directory(_ target: String) -> Self { Self(CLINUX_STEP_DIRECTORY, target) }
    /// A directory and those above it.
    static func directories(to target: String) -> [Self] {
        let names = target.split(separator: "/")
        return names.indices.map { .directory("/" + names[...$0].joined(separator: "/")) }
    }

    static func file(_ target: String) -> Self { Self(CLINUX_STEP_FILE, target) }

    static func link(_ target: String, to source: String) -> Self {
        var step = Self(CLINUX_STEP_LINK, target)
        step.source = source
        return step
    }

    /// A new file system.
    static func mount(_ type: String, _ target: String, flags: UInt, options: String? = nil) -> Self {
        var step = Self(CLINUX_STEP_MOUNT, target)
        (step.source, step.type, step.flags, step.options) = (type, type, flags, options)
        return step
    }

    /// A file or directory of the machine, with what is mounted below it.
    static func bind(_ source: String, at target: String, flags: UInt = 0) -> Self {
        var step = Self(CLINUX_STEP_BIND, target)
        (step.source, step.flags) = (source, flags)
        return step
    }

    /// A file or directory of the root itself, once more.
    static func rebind(_ source: String, at target: String) -> Self {
        var step = Self(CLINUX_STEP_REBIND, target)
        step.source = source
        return step
    }

    /// Narrower flags for what is mounted.
    static func restrict(_ target: String, flags: UInt) -> Self {
        var step = Self(CLINUX_STEP_RESTRICT, target)
        step.flags = flags
        return step
    }

    /// The same step, left out where the root has no place for it.
    var ifPossible: Self {
        var step = self
        step.isOptional = true
        return step
    }

    /// The step as C has it.
    func raw(in arena: CStringArena) -> clinux_step {
        clinux_step(
            kind: Int32(kind), optional: isOptional ? 1 : 0, source: arena.constant(source),
            target: arena.constant(target), type: arena.constant(type), flags: flags,
            options: arena.constant(options))
    }
}
