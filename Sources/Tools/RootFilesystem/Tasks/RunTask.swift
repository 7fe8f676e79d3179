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
    let limits: SandboxLimits
    let secrets: [SandboxSecret]
    /// Where the root is kept when the command fails; nil keeps nothing.
    let keptAt: String?

    init(_ request: RunRequest, keptAt: String? = nil) {
        self.keptAt = keptAt
        layers = request.layers
        program = request.program
        hasInputs = request.inputs != nil
        directory = request.directory
        edits = request.edits
        result = request.result
        sharesNetwork = request.network == .host
        limits = request.limits
        secrets = request.secrets
    }

    init(_ message: TaskMessage) throws {
        layers = try message.layers("layers")
        program = try message.value("program", SandboxProgram.init(message:))
        hasInputs = try message.flag("inputs")
        directory = try message.optional("directory", \.string)
        edits = try message.list("edits", TreeEdit.init(message:))
        result = try message.value("result", RunRequest.Result.init(message:))
        sharesNetwork = try message.flag("network")
        limits = try message.value("limits", SandboxLimits.init(message:))
        secrets = try message.list("secrets", SandboxSecret.init(message:))
        keptAt = try message.optional("keptAt", \.string)
    }

    var message: JSON {
        .record([
            "layers": .array(layers.map(\.json)), "program": program.message, "inputs": .bool(hasInputs),
            "directory": directory.map(JSON.string), "edits": .array(edits.map(\.message)),
            "result": result.message, "network": .bool(sharesNetwork), "limits": limits.message,
            "secrets": .array(secrets.map(\.message)), "keptAt": keptAt.map(JSON.string),
        ])
    }

    func perform(in workplace: Workplace) throws -> JSON {
        let root = try mount(layers, for: .sandbox, in: workplace)
        let user = try SandboxUser(program.user, in: try root.open())
        let inputs = try hasInputs ? RootDescriptor.inputs.taken : nil
        let work = try WorkDirectory(of: user, in: root.scratch, from: inputs)
        let files = secrets.filter { $0.place == .file }
        let secretFiles = try files.isEmpty ? nil : SecretFiles(files, for: user, in: root.scratch)
        defer { withExtendedLifetime(secretFiles) {} }
        var binds = [Sandbox.Bind(work.path, at: RunStep.directory)]
        if let directory { binds.append(Sandbox.Bind(directory, at: "/run/input", isReadOnly: true)) }
        if let secretFiles { binds.append(Sandbox.Bind(secretFiles.path, at: SecretFiles.place, isReadOnly: true)) }
        let sandbox = try Sandbox(root, sharingNetwork: sharesNetwork, binds: binds, limits: limits)
        let (ending, limit) = try run(in: sandbox, log: try RootDescriptor.log.taken)
        let exceeded = limit ?? (!ending.succeeded && work.isDiskFull ? .space : nil)
        let layer = ending.succeeded && exceeded == nil ? try packOrKeep(root, work, in: workplace) : nil
        if !ending.succeeded || exceeded != nil { keep(root, work) }
        return .record([
            "ending": ending.message, "exceeded": exceeded.map { .string($0.rawValue) }, "layer": layer?.json,
        ])
    }

    /// An output that is missing, for instance: what is there instead may tell why.
    private func packOrKeep(
        _ root: OverlayRoot, _ work: WorkDirectory, in workplace: Workplace
    ) throws -> Layer? {
        do {
            return try pack(root, work, in: workplace)
        } catch {
            keep(root, work)
            throw error
        }
    }

    /// Where keeping fails, the command's own failure is what counts. Where a secret was read nothing is kept: it may have
    /// been written anywhere.
    private func keep(_ root: OverlayRoot, _ work: WorkDirectory) {
        guard let keptAt, let upper = root.upper, secrets.isEmpty else { return }
        try? FailedRootPlace(keptAt).keep(changes: upper, work: work.path)
    }

    /// The command writes into a pipe, not into the log itself, which it could read, or empty through /dev/stderr.
    private func run(
        in sandbox: Sandbox, log: Descriptor
    ) throws -> (ending: ChildProcess.Ending, exceeded: ExceededLimit?) {
        let (process, pipe) = try Self.start(program, in: sandbox)
        let copy = Worker { [secrets] in
            var mask = SecretMask(secrets)
            try pipe.readPieces(of: 65_536) { try log.write(mask.mask($0)) }
            try log.write(mask.finish())
        }
        let outcome = try process.wait(within: limits)
        // Everything that could hold the other end is gone now.
        try copy.result()
        return outcome
    }

    /// The write end is closed here when this returns: else the end of the stream would never come.
    private static func start(_ program: SandboxProgram, in sandbox: Sandbox) throws -> (SandboxProcess, Descriptor) {
        let (read, write) = try Descriptor.pipe()
        return (try sandbox.start(program, .log(write)), read)
    }

    /// In the upper directory itself: through the mount, what is below would be removed as well.
    private func takeBack(in root: OverlayRoot) throws {
        guard let upper = root.upper, !edits.isEmpty else { return }
        let editor = TreeEditor(root: try Descriptor.open(upper, O_RDONLY | O_DIRECTORY | O_NOFOLLOW))
        for edit in edits { try editor.apply(edit) }
    }

    private func pack(_ root: OverlayRoot, _ work: WorkDirectory, in workplace: Workplace) throws -> Layer? {
        switch result {
        case .nothing: return nil
        case .changes:
            try takeBack(in: root)
            return try packLayer(in: workplace) { try root.packChanges(to: $0, without: secrets) }
        case .outputs(let paths):
            let tree = try Descriptor.open(work.path, O_RDONLY | O_DIRECTORY)
            return try packLayer(in: workplace) { writer in
                var packer = TreePacker(to: writer, .plain, without: secrets)
                try packer.pack(paths, of: tree)
            }
        }
    }
}
