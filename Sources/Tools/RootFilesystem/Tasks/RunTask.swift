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

    func perform(in store: BlobStore) throws -> JSON {
        let root = try mount(layers, for: .sandbox, in: store)
        let user = try SandboxUser(program.user, in: try root.open())
        let work = try makeWork(for: user, in: root.scratch)
        let secretFiles = try secrets.isEmpty ? nil : SecretFiles(secrets, for: user, in: root.scratch)
        defer { withExtendedLifetime(secretFiles) {} }
        var binds = [Sandbox.Bind(work, at: "/work")]
        if let secretFiles { binds.append(Sandbox.Bind(secretFiles.path, at: SecretFiles.place, isReadOnly: true)) }
        if let directory { binds.append(Sandbox.Bind(directory, at: "/run/input", isReadOnly: true)) }
        let sandbox = try Sandbox(root, sharingNetwork: sharesNetwork, binds: binds, limits: limits)
        let (ending, limit) = try run(in: sandbox, log: try RootDescriptor.log.taken)
        let exceeded = limit ?? (!ending.succeeded && Self.isFull(work) ? .space : nil)
        let layer = ending.succeeded && exceeded == nil ? try packOrKeep(root, work) : nil
        if !ending.succeeded || exceeded != nil { keep(root, work) }
        return .record([
            "ending": ending.message, "exceeded": exceeded.map { .string($0.rawValue) }, "layer": layer?.json,
        ])
    }

    /// An output that is missing, for instance: what is there instead may tell why.
    private func packOrKeep(_ root: OverlayRoot, _ work: String) throws -> Layer? {
        do {
            return try pack(root, work)
        } catch {
            keep(root, work)
            throw error
        }
    }

    /// Whether the file system has room for no more than the last piece of a file, or for no more files. Of a program only its
    /// own words tell what it failed for; it fails in many ways on a full disk.
    private static func isFull(_ path: String) -> Bool {
        var facts = statvfs()
        guard statvfs(path, &facts) == 0, facts.f_blocks > 0 else { return false }
        let free = UInt64(geteuid() == 0 ? facts.f_bfree : facts.f_bavail) * UInt64(facts.f_frsize)
        return free < 65_536 || facts.f_files > 0 && facts.f_favail == 0
    }

    /// The directory that is `/work`, where the command's user can write everywhere.
    private func makeWork(for user: SandboxUser, in scratch: ScratchDirectory) throws -> String {
        let work = try scratch.makeDirectory("work")
        if hasInputs { try Self.unpack(try RootDescriptor.inputs.taken, into: work) }
        if user.user != 0 || user.group != 0 {
            try TreeOwnership.give(try Descriptor.open(work, O_RDONLY | O_DIRECTORY), to: user)
        }
        return work
    }

    /// Where keeping fails, the command's own failure is what counts.
    private func keep(_ root: OverlayRoot, _ work: String) {
        guard let keptAt, let upper = root.upper else { return }
        try? FailedRootPlace(keptAt).keep(changes: upper, work: work)
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
            return try packLayer { try root.packChanges(to: $0, without: secrets) }
        case .outputs(let paths):
            let tree = try Descriptor.open(work, O_RDONLY | O_DIRECTORY)
            return try packLayer { writer in
                var packer = TreePacker(to: writer, .plain, without: secrets)
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

extension SandboxLimits {
    var message: JSON {
        .record([
            "memory": memory.map { .number(Int64(clamping: $0)) }, "processes": .number(Int64(processes)),
            "milliseconds": .number(Int64(seconds * 1000)),
        ])
    }

    init(message: JSON) throws {
        let message = TaskMessage(message)
        self.init(
            memory: try message.optional("memory") { $0.number.flatMap(UInt64.init(exactly:)) },
            processes: Int(try message.number("processes")), seconds: Double(try message.number("milliseconds")) / 1000)
    }
}

extension SandboxSecret {
    var message: JSON { ["name": .string(name), "bytes": .bytes(bytes)] }

    init(message: JSON) throws {
        let message = TaskMessage(message)
        try self.init(name: try message.text("name"), bytes: try message.value("bytes", \.byteList))
    }
}
