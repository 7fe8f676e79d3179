import BakeModel
import BlobStorage
import Glibc
import LinuxSystem
import TarArchive

/// One kind of work that needs to be root of a user namespace; done by the helper, asked for by `RootWorkshop`.
protocol RootTask: Sendable {
    /// The word that the request has for it.
    static var name: String { get }
    /// Everything about it, for the request.
    var message: JSON { get }
    /// Reads what `message` wrote.
    init(_ message: TaskMessage) throws
    /// Does it. Runs in the helper.
    func perform(in workplace: Workplace) throws -> JSON
}

/// Work of which nothing needs to be said.
protocol PlainTask: RootTask {
    init()
}

extension PlainTask {
    init(_ message: TaskMessage) { self.init() }
    var message: JSON { [:] }
}

/// The helper's descriptors, beside the request and the answer.
enum RootDescriptor: Int32 {
    /// Takes the layer that is packed.
    case layer = 5
    /// The tar of inputs, or of a layer that is being packed.
    case inputs = 6
    /// Takes what a command says.
    case log = 7
    /// Standard input of a command that a person runs.
    case input = 8
    /// Its output.
    case output = 9
    /// Its errors.
    case errors = 10
    /// Tells which layer it is whose tar came.
    case name = 11

    /// Takes it over from the one who started the helper. At most once each.
    var taken: Descriptor {
        get throws(SystemError) {
            let number = rawValue
            try SystemError.check("take", "descriptor \(number)") { fcntl(number, F_SETFD, FD_CLOEXEC) }
            return Descriptor(owning: number)
        }
    }
}

/// The helper process that works on roots.
public enum RootHelper {
    /// What it is called on the command line.
    public static let name = "root"

    private static let tasks: [any RootTask.Type] = [
        UnpackTask.self, ReceiveTask.self, RunTask.self, AssembleTask.self, PackTask.self, ExportTask.self,
        ExamineTask.self, ReadTask.self, EditTask.self,
        EnterTask.self, CacheRemovalTask.self, ProbeTask.self, FailedRootRemovalTask.self,
    ]

    /// Does the one task of its request, and ends the process. Only in namespaces that `UserNamespace.launcher` made.
    public static func serve() -> Never {
        // What is made here has the mode that is asked for.
        umask(0o022)
        HelperService.serve { request in
            let message = TaskMessage(request)
            let word = try message.text("task")
            guard let task = tasks.first(where: { $0.name == word }) else { throw TaskMessageError(key: "task") }
            let workplace = try Workplace(message)
            try ScratchDirectory.sweep(in: workplace.store.temporary)
            return try task.init(message).perform(in: workplace)
        }
    }
}

extension RootTask {
    /// Mounts layers that may have to be unpacked before.
    func mount(
        _ layers: [Layer], for purpose: OverlayRoot.Purpose, in workplace: Workplace
    ) throws -> OverlayRoot {
        let store = workplace.store
        return try OverlayRoot(try LayerCache(store: store).hold(layers), for: purpose, temporary: store.temporary)
    }

    /// Writes a layer to the descriptor that the caller gave for it.
    /// - Parameter isKept: whether it goes into the store.
    func packLayer(
        in workplace: Workplace, isKept: Bool = true, _ pack: (LayerWriter) throws -> Void
    ) throws -> Layer {
        let threads = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        return try workplace.store.writeLayer(
            to: try RootDescriptor.layer.taken, compression: workplace.compression, threads: threads, isKept: isKept,
            pack)
    }
}
