import BakeModel
import BlobStorage
import Glibc
import LinuxSystem
import TarArchive

/// Lets a program of the machine build a root, packs it, and keeps it in the cache as an unpacked layer.
struct AssembleTask: RootTask {
    static let name = "assemble"
    let request: HostBuildRequest

    init(_ request: HostBuildRequest) { self.request = request }

    init(_ message: TaskMessage) throws {
        request = HostBuildRequest(
            program: try message.text("program"), arguments: try message.texts("arguments"),
            environment: try message.texts("environment"), reads: try message.texts("reads"),
            edits: try message.list("edits", TreeEdit.init(message:)),
            deadline: Double(try message.number("milliseconds")) / 1000)
    }

    var message: JSON {
        [
            "program": .string(request.program), "arguments": .texts(request.arguments),
            "environment": .texts(request.environment), "reads": .texts(request.reads),
            "edits": .array(request.edits.map(\.message)),
            "milliseconds": .number(Int64(request.deadline * 1000)),
        ]
    }

    func perform(in workplace: Workplace) throws -> JSON {
        let scratch = try ScratchDirectory(in: workplace.store.temporary)
        // Programs that give up their privileges on the way must be able to reach what they make.
        try SystemError.check("set the mode of", scratch.path) { chmod(scratch.path, 0o755) }
        let output = "\(scratch.path)/layer"
        try build(output, in: scratch)
        let tree = try Descriptor.open(output, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        for edit in request.edits { try TreeEditor(root: tree).apply(edit) }
        let hasRoot = !(try tree.status().looksLike(.plainRoot))
        let layer = try packLayer(in: workplace) { writer in
            var packer = TreePacker(to: writer, .plain, settles: true)
            try packer.packTree(tree, besides: .plainRoot)
        }
        try LayerCache(store: workplace.store).offer(output, as: layer.diffID, hasRoot: hasRoot)
        return layer.json
    }

    /// On a thread of its own, which alone has the machine's files out of sight.
    private func build(_ output: String, in scratch: ScratchDirectory) throws {
        let log = try RootDescriptor.log.taken
        let temporary = try scratch.makeDirectory("tmp", mode: 0o1777)
        let arguments = request.arguments.map { $0.replacing(HostBuildRequest.output, with: output) }
        let environment = request.environment + ["TMPDIR=\(temporary)"]
        let view = MachineView(reading: request.reads, writing: [scratch.path])
        let root = try scratch.makeDirectory("machine")
        let (ending, timedOut) = try Worker { [request] in
            try view.enter(by: root)
            let child = try ChildProcess.start(
                request.program, arguments, environment: environment, descriptors: [1: log, 2: log])
            let timer = Deadline(seconds: request.deadline) { child.kill() }
            let ending = try child.wait()
            return withExtendedLifetime(timer) { (ending, timer.hasPassed) }
        }.result()
        let failure = timedOut ? "it took longer than \(Int(request.deadline)) s" : ending.explanation
        guard ending.succeeded else { throw HostBuildFailure(program: request.program, ending: failure) }
    }
}
