import BakeModel
import BlobStorage
import LinuxSystem
import RootFilesystem

/// Where a Serverspec suite asks: an image's sandbox, in which its commands run beside the image's own process.
///
/// Commands are root's, whoever the image's process runs as: suites are written for hosts, where Serverspec uses sudo, and
/// ask as other users by su. Their directory and environment are the image's, as with `docker exec`.
public struct ServerspecSession: Sendable {
    /// What runs the commands.
    static let shell = "/bin/sh"
    private let image: StageRoot
    private let store: BlobStore
    private let program: HelperProgram
    /// Seconds for a suite: ten years.
    static let unlimited: Int64 = 315_360_000

    /// - Parameters:
    ///   - store: where the layers are.
    ///   - program: bake itself, which serves `ServerspecHelper`.
    public init(in image: StageRoot, _ store: BlobStore, program: HelperProgram) {
        self.image = image
        self.store = store
        self.program = program
    }

    /// How the image is started.
    var configuration: ImageConfiguration { image.configuration }

    /// Answers the questions that come from the first of these on the second, until they end.
    /// - Returns: the check that the image's process started, where it has one, and the last lines of that.
    func run(_ streams: [Descriptor]) throws -> Verdict {
        let request = ServerspecRequest(store: store.path, workspace: store.workspace, image: image)
        let descriptors = Dictionary(uniqueKeysWithValues: zip(ServerspecHelper.streams, streams))
        let call = try HelperCall.start(
            program, ServerspecHelper.name, request: request.json, descriptors: descriptors,
            launcher: UserNamespace.launcher(network: .own))
        guard let verdict = Verdict(try call.finish(deadline: Double(Self.unlimited))) else { throw VerdictError() }
        return verdict
    }
}

/// What the helper is asked.
struct ServerspecRequest: Hashable {
    /// The store's path, and the directory for what is unfinished.
    let store, workspace: String
    let image: StageRoot

    init(store: String, workspace: String, image: StageRoot) {
        self.store = store
        self.workspace = workspace
        self.image = image
    }

    /// The request's text.
    var json: JSON { ["store": .string(store), "workspace": .string(workspace), "image": image.json] }

    /// Reads what `json` wrote; nil where a member is missing or malformed.
    init?(_ json: JSON) {
        guard let store = json["store"]?.string, let workspace = json["workspace"]?.string,
            let image = json["image"].flatMap(StageRoot.init)
        else { return nil }
        self.init(store: store, workspace: workspace, image: image)
    }
}
