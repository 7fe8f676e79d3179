import BakeModel
import Glibc
import LinuxSystem
import RootFilesystem

/// Programs of an image in sandboxes. Each has a root of its own over the image's layers, so no check sees what another
/// one changed, and their order is no matter.
struct SandboxProcesses: ImageProcesses {
    let layers: LayerCache.Hold
    var configuration: ImageConfiguration
    /// A directory for changes, on the file system of the layers.
    let temporary: String
    /// Directories over the layers that are only read.
    var changes: [String] = []
    /// What of the machine appears inside.
    var binds: [Sandbox.Bind] = []
    /// Its names in a network with other images, which all programs have then; nil where there are no others.
    var names: SandboxNames?

    func run(_ program: RootProgram, timeout: Int64) throws -> CommandOutcome {
        try openRoot().run(program, timeout: timeout)
    }

    func openRoot() throws -> any WritableRoot {
        let root = try OverlayRoot(layers, for: .sandbox, temporary: temporary, over: changes)
        let sandbox = try Sandbox(
            root, network: names == nil ? .own : .shared, binds: own(of: root) + binds, names: names ?? .alone)
        return SandboxedRoot(sandbox, configuration: configuration)
    }

    /// Looks at the root with what of the machine appears inside, as it is before any program ran.
    func look<Found: Sendable>(_ look: @escaping @Sendable (any ImageRoot) throws -> Found) throws -> Found {
        try OverlayRoot(layers, for: .editing, temporary: temporary, over: changes)
            .withAttached(binds) { try look(MountedRoot(at: "/")) }
    }

    /// The root's own /tmp and /run in place of a sandbox's, which are empty: what the image brings there, and what one
    /// program leaves, is for the next one. Never through a link, which would lead out of the image.
    private func own(of root: OverlayRoot) -> [Sandbox.Bind] {
        ["/tmp", "/run"].filter { place in
            var status = stat()
            guard lstat(root.path + place, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return false }
            return place == "/run" || status.st_mode & 0o1777 == 0o1777
        }.map { Sandbox.Bind(root.path + $0, at: $0) }
    }

    func startService() throws -> any ImageService {
        let arguments = configuration.processArguments
        guard !arguments.isEmpty else { throw NoProcess() }
        return try SandboxService(
            RootProgram(words: arguments), in: try sharedSandbox(), configuration: configuration)
    }

    /// A sandbox whose programs have this helper's network, so that all of them have one.
    func sharedSandbox() throws -> Sandbox {
        let root = try OverlayRoot(layers, for: .sandbox, temporary: temporary, over: changes)
        return try Sandbox(root, network: .shared, binds: own(of: root) + binds, names: names ?? .alone)
    }
}

/// An image that says of no program that it is to be started.
struct NoProcess: ExplainedError, Hashable {
    var doing: String { "start" }
    var subject: String { "the image's own process" }
    var reason: String { "the image has neither cmd nor entrypoint" }
    var hint: String? { "name the program in the stage: config: { cmd: [...] }" }
}
