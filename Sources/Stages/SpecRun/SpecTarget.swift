import BakeModel
import BlobStorage
import RootFilesystem

/// What a spec is asked of: a root that this process sees, and what starts programs of it.
struct SpecTarget: Sendable {
    /// Where it is.
    let path: String
    /// How its programs are started.
    let configuration: ImageConfiguration
    let processes: any ImageProcesses
    /// Whether owners that this user does not stand for are seen as nobody: those of others' files, but for root.
    var hidesOwners = false
    /// Kept, because it is unmounted with it; nil for a directory.
    private let mount: OverlayRoot?

    init(path: String, configuration: ImageConfiguration, processes: any ImageProcesses, mount: OverlayRoot? = nil) {
        self.path = path
        self.configuration = configuration
        self.processes = processes
        self.mount = mount
    }

    /// Mounts a root of a store.
    init(_ root: StageRoot, in store: BlobStore) throws {
        let held = try LayerCache(store: store).hold(root.layers)
        let mount = try OverlayRoot(held, for: .reading, temporary: store.temporary)
        self.init(
            path: mount.path, configuration: root.configuration,
            processes: SandboxProcesses(
                layers: held, configuration: root.configuration, temporary: store.temporary), mount: mount)
    }

    /// The same root, which somebody else keeps mounted: a thread that still holds this when its process ends would leave
    /// the mount's directories behind.
    var kept: SpecTarget { SpecTarget(path: path, configuration: configuration, processes: processes) }

    /// The same root, whose programs have other settings and a place in a network.
    /// - Throws: `UnbootableRoot` for one that is no image.
    func booted(with settings: ImageConfiguration, names: SandboxNames) throws -> SpecTarget {
        guard var sandboxes = processes as? SandboxProcesses else { throw UnbootableRoot(path: path) }
        sandboxes.configuration = configuration.overlaid(by: settings)
        sandboxes.names = names
        return SpecTarget(path: path, configuration: sandboxes.configuration, processes: sandboxes, mount: mount)
    }
}

/// What runs already is not started once more.
struct UnbootableRoot: ExplainedError, Hashable {
    let path: String
    var doing: String { "boot" }
    var subject: String { path }
    var reason: String { "it is the machine itself" }
}
