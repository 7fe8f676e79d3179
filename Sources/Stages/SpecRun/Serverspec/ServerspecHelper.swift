import BakeModel
import BlobStorage
import Glibc
import LinuxSystem
import RootFilesystem

/// The helper process in which a Serverspec suite's commands run, and the image's process, which they run beside.
public enum ServerspecHelper {
    /// What it is called on the command line.
    public static let name = "serverspec"
    /// The numbers of the suite's questions and of the answers, beside the helper's own request and answer.
    static let streams: [Int32] = [5, 6]

    /// Does its request, and ends the process. Only in namespaces that `UserNamespace.launcher(network: .own)` made.
    public static func serve() -> Never {
        umask(0o022)
        HelperService.serve { message in
            guard let request = ServerspecRequest(message) else { throw SpecRequestError() }
            return try request.perform(try streams.map(taken)).json
        }
    }

    private static func taken(_ number: Int32) throws -> Descriptor {
        try SystemError.check("take", "descriptor \(number)") { fcntl(number, F_SETFD, FD_CLOEXEC) }
        return Descriptor(owning: number)
    }
}

extension ServerspecRequest {
    /// Answers the suite to its end.
    func perform(_ streams: [Descriptor]) throws -> Verdict {
        let store = try BlobStore.open(store, workspace: workspace)
        let processes = SandboxProcesses(
            layers: try LayerCache(store: store).hold(image.layers), configuration: image.configuration,
            temporary: store.temporary)
        let room = try ServerspecRoom(processes)
        try ServerspecConversation(questions: streams[0], answers: streams[1])
            .hold(run: room.run, sawTheProcess: room.sawTheProcess)
        return try room.verdict()
    }
}
