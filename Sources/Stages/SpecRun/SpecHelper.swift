import BakeModel
import BlobStorage
import Glibc
import LinuxSystem
import RootFilesystem

/// The helper process that mounts an image and looks at it.
public enum SpecHelper {
    /// What it is called on the command line.
    public static let name = "spec"

    /// Does its request, and ends the process. Only in namespaces that `UserNamespace.launcher(network: .own)` made.
    public static func serve() -> Never {
        umask(0o022)
        HelperService.serve { message in
            guard let request = SpecRequest(message) else { throw SpecRequestError() }
            return try request.perform().json
        }
    }
}

extension SpecRequest {
    /// Mounts the image and looks at everything that the spec asks about.
    func perform() throws -> Verdict {
        let spec = try SpecFile(parsing: text, name: name)
        let store = try BlobStore.open(store, workspace: workspace)
        let layers = try LayerCache(store: store).hold(self.layers)
        let root = try OverlayRoot(layers, for: .reading, temporary: store.temporary)
        let processes = SandboxProcesses(layers: layers, configuration: configuration, temporary: store.temporary)
        let image = ImageState(try ImageRoot(at: root.path))
        defer { withExtendedLifetime(root) {} }
        return SpecSuite(spec: spec, image: image, processes: processes, deadline: milliseconds).verdict()
    }
}

/// A request that this helper did not understand.
struct SpecRequestError: ExplainedError, Hashable {
    var doing: String { "read" }
    var subject: String { "the request to look at an image" }
    var reason: String { "a member is missing or malformed" }
}
