import BakeModel
import BlobStorage
import Glibc
import LinuxSystem
import TarArchive

/// Runs a command in a sandbox and packs what it made.
struct RunTask: RootTask {
    static let name = "run"
    let layers: [Layer]
    let program: SandboxProgram
    let hasInputs: Bool
    let directory: String?
    let edits: [TreeEdit]
    let result: RunRequest.Result
    let sharesNetwork: Bool
    let deadline: Double

    init(_ request: RunRequest) {
        layers = request.layers
        program = request.program
        hasInputs = request.inputs != nil
        directory = request.directory
        edits = request.edits
        result = request.result
        sharesNetwork = request.network == .host
        deadline = request.deadline
    }

    init(_ message: TaskMessage) throws {
        layers = try message.layers("layers")
        program = try message.value("program", SandboxProgram.init(message:))
        hasInputs = try message.flag("inputs")
        directory = try message.optional("directory", \.string)
        edits = try message.list("edits", TreeEdit.init(message:))
        result = try message.value("result", RunRequest.Result.init(message:))
        sharesNetwork = try message.flag("network")
        deadline = Double(try message.number("milliseconds")) / 1000
    }

    var message: JSON {
        .record([
            "layers": .array(layers.map(\.json)), "program": program.message, "inputs": .bool(hasInputs),
            "directory": directory.map(JSON.string), "edits": .array(edits.map(\.message)),
            "result": result.message, "network": .bool(sharesNetwork),
            "milliseconds": .number(Int64(deadline * 1000)),
        ])
    }

    func perform(in store: BlobStore) throws -> JSON {
        let root = try mount(layers, for: .sandbox, in: store)
        let work = try root.scratch.makeDirectory("work")
        if hasInputs { try Self.unpack(try RootDescriptor.inputs.taken, into: work) }
        var binds = [Sandbox.Bind(work, at: "/work")]
        if let directory { binds.append(Sandbox.Bind(directory, at: "/run/input", isReadOnly: true)) }
        let sandbox = try Sandbox(root, sharingNetwork: sharesNetwork, binds: binds)
        let (ending, timedOut) = try Self.run(program, in: sandbox, log: try RootDescriptor.log.taken, deadline)
        let layer = ending.succeeded && !timedOut ? try pack(root, work) : nil
        return .record(["ending": ending.message, "timedOut": .bool(timedOut), "layer": layer?.json])
    }

    /// The command writes into a pipe, not into the log itself, which it could read, or empty through /dev/stderr.
    private static func run(
        _ program: SandboxProgram, in sandbox: Sandbox, log: Descriptor, _ deadline: Double
    ) throws -> (ending: ChildProcess.Ending, timedOut: Bool) {
        let (process, pipe) = try start(program, in: sandbox)
        let copy = Worker {
            try pipe.readPieces(of: 65_536) { piece in
                try log.write(piece)
            }
        }
        let outcome = try process.wait(atMost: deadline)
        // Everything that could hold the other end is gone now.
        try copy.result()
        return outcome
    }

    /// The write end is closed here when this returns: else the end of the stream would never come.
    private static func start(_ program: SandboxProgram, in sandbox: Sandbox) throws -> (SandboxProcess, Descriptor) {
        let (read, write) = try Descriptor.pipe()
        return (try sandbox.start(program, .log(write)), read)
    }

    private static func unpack(_ archive: Descriptor, into path: String) throws {
        let writer = TreeWriter(into: try Descriptor.open(path, O_RDONLY | O_DIRECTORY), whiteouts: false)
        _ = try ArchiveReader.read(archive) { entry, content in
            try writer.write(entry) { try content.read(into: $0) }
        }
        try writer.finish()
    }

    /// In the upper directory itself: through the mount, what is below would be removed as well.
    private func takeBack(in root: OverlayRoot) throws {
        guard let upper = root.upper, !edits.isEmpty else { return }
        let editor = TreeEditor(root: try Descriptor.open(upper, O_RDONLY | O_DIRECTORY | O_NOFOLLOW))
        for edit in edits { try editor.apply(edit) }
    }

    private func pack(_ root: OverlayRoot, _ work: String) throws -> Layer? {
        switch result {
        case .nothing: return nil
        case .changes:
            try takeBack(in: root)
            return try packLayer { try root.packChanges(to: $0) }
        case .outputs(let paths):
            let tree = try Descriptor.open(work, O_RDONLY | O_DIRECTORY)
            return try packLayer { writer in
                var packer = TreePacker(to: writer, .plain)
                try packer.pack(paths, of: tree)
            }
        }
    }
}

extension RunRequest.Result {
    var message: JSON {
        switch self {
        case .changes: "changes"
        case .nothing: "nothing"
        case .outputs(let paths): .array(paths.map(\.message))
        }
    }

    init?(message: JSON) {
        switch message {
        case "changes": self = .changes
        case "nothing": self = .nothing
        case .array(let items):
            let paths = items.compactMap(TreePath.init(message:))
            guard paths.count == items.count else { return nil }
            self = .outputs(paths)
        default: return nil
        }
    }
}
