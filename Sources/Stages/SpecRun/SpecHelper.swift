import BakeModel
import BlobStorage
import Glibc
import LinuxSystem
import RootFilesystem

/// The helper process that mounts an image and looks at it.
public enum SpecHelper {
    /// What it is called on the command line.
    public static let name = "spec"

    /// Does its request, and ends the process. Only in namespaces that `UserNamespace.launcher(network: .own)` made, but
    /// for a request about the machine itself.
    public static func serve() -> Never {
        umask(0o022)
        HelperService.serve { message in
            guard let request = SpecRequest(message) else { throw SpecRequestError() }
            return try request.perform().json
        }
    }
}

extension SpecRequest {
    /// Mounts what is to be looked at, and looks at everything that the spec asks about.
    func perform() throws -> Verdict {
        let spec = try Spec(parsing: text, name: name)
        switch subject {
        case .image(let layers, let configuration): return try verdict(spec, layers, configuration)
        case .directory("/"):
            return try verdict(spec, "/", ImageConfiguration(), MachineProcesses(), stages: nil)
        case .directory(let path):
            let configuration = ImageConfiguration()
            let processes = SandboxProcesses(
                layers: LayerCache.Hold(), configuration: configuration, temporary: workspace, changes: [path])
            return try verdict(spec, path, configuration, processes, stages: nil)
        }
    }

    private func verdict(
        _ spec: Spec, _ layers: [Layer], _ configuration: ImageConfiguration
    ) throws -> Verdict {
        let store = try BlobStore.open(store, workspace: workspace)
        let held = try LayerCache(store: store).hold(layers)
        let root = try OverlayRoot(held, for: .reading, temporary: store.temporary)
        defer { withExtendedLifetime(root) {} }
        let processes = SandboxProcesses(layers: held, configuration: configuration, temporary: store.temporary)
        let stages = StageCommands(store: store, roots: stages, image: root.path)
        return try verdict(spec, root.path, configuration, processes, stages: stages)
    }

    /// The goss files together, so that the image's process is started once; the other parts in their order.
    private func verdict(
        _ spec: Spec, _ path: String, _ configuration: ImageConfiguration, _ processes: any ImageProcesses,
        stages: StageCommands?
    ) throws -> Verdict {
        let root = try ImageRoot(at: path)
        let files = spec.parts.compactMap { part in if case .goss(let file) = part { file } else { nil } }
        let suite = SpecSuite(
            spec: SpecFile(joining: files), image: ImageState(root), processes: processes, deadline: milliseconds,
            pause: pause)
        let asked = files.isEmpty ? Verdict(checks: []) : suite.verdict()
        let others = spec.parts.flatMap { part -> [Verdict.Check] in
            switch part {
            case .goss: []
            case .structure(let file):
                StructureSuite(file: file, root: root, configuration: configuration, processes: processes).checks()
            case .command(let check): [stages.map { $0.check(check) } ?? StageCommands.unknown(check)]
            }
        }
        return Verdict(checks: asked.checks + others, output: asked.output)
    }
}

/// A request that this helper did not understand.
struct SpecRequestError: ExplainedError, Hashable {
    var doing: String { "read" }
    var subject: String { "the request to look at an image" }
    var reason: String { "a member is missing or malformed" }
}
