import BakeModel
import BlobStorage
import Glibc
import LinuxSystem

/// Where roots are made, changed and looked into: each call starts a helper in namespaces of its own, which ends with
/// everything in it when this process or the calling thread does. Nothing stays mounted.
public struct RootWorkshop: Sendable {
    /// Where layers come from and go to.
    public let store: BlobStore
    /// How hard new layers are compressed.
    public var compression: Compression = .fast
    private let program: HelperProgram
    /// Seconds for mounting, unpacking and packing: a limit against hanging, not a measure.
    static let overhead: Double = 3600
    /// Seconds for a person: ten years.
    private static let unlimited: Double = 315_360_000

    /// - Parameter program: bake itself, which serves `RootHelper`.
    public init(store: BlobStore, program: HelperProgram) {
        self.store = store
        self.program = program
    }

    /// Unpacks layers into the store's cache, verified; those that are there are left alone.
    public func unpack(_ layers: [Layer]) throws {
        _ = try perform(UnpackTask(layers: layers))
    }

    /// Runs a command over layers.
    /// - Parameters:
    ///   - log: takes the command's output and errors.
    ///   - meter: shows how much of the result is packed.
    /// - Throws: what kept the command from running, or its result from being packed. A command that fails is no error.
    public func run(_ request: RunRequest, log: Descriptor, meter: ByteMeter? = nil) throws -> RunOutcome {
        var descriptors: [RootDescriptor: Descriptor] = [.log: log]
        descriptors[.inputs] = request.inputs
        let blob = try store.newBlob()
        if request.result != .nothing {
            descriptors[.layer] = blob.descriptor
            meter?.begin("packing", growing: blob.descriptor)
        }
        defer { meter?.end() }
        let answer = try keepingFailure(of: request) { task in
            try perform(task, descriptors, network: request.network, deadline: request.limits.seconds)
        }
        let layer = try answer.optional("layer", Layer.init)
        if let layer { try commit(layer, blob) }
        return RunOutcome(
            ending: try answer.value("ending", ChildProcess.Ending.init(message:)),
            exceeded: try answer.optional("exceeded") { $0.string.flatMap(ExceededLimit.init) }, layer: layer)
    }

    /// Lets a program of this machine build a root, and packs it. The layer is in the store and in the cache then.
    /// - Parameter log: takes the program's output and errors.
    /// - Throws: `HostBuildFailure` where the program fails.
    public func assemble(_ request: HostBuildRequest, log: Descriptor, meter: ByteMeter? = nil) throws -> Layer {
        try makeLayer(AssembleTask(request), [.log: log], deadline: request.deadline, meter: meter)
    }

    /// Packs a part of the root that layers make together: a directory's contents, or one file under its name.
    /// - Parameter subtree: where it is; links in it are followed inside the root. The root stands for everything.
    /// - Throws: `TreeError.missing`, as the helper tells it.
    public func pack(_ layers: [Layer], subtree: TreePath = .root) throws -> Layer {
        try makeLayer(PackTask(layers: layers, subtree: subtree))
    }

    /// Takes a part of the root that layers make together out, into a file without a name: one file as it is, a directory's
    /// contents as a tar.gz.
    /// - Parameter subtree: where it is, as for `pack`.
    /// - Throws: `TreeError.missing`, as the helper tells it.
    public func export(_ layers: [Layer], subtree: TreePath) throws -> (part: ExportedPart, content: Descriptor) {
        let blob = try store.newBlob()
        let part = try export(layers, subtree: subtree, to: blob.descriptor)
        return (part, try blob.descriptor.rewound())
    }

    /// Writes a part of the root that layers make together to an empty file. It is proved when this returns, not before.
    /// - Parameter subtree: where it is, as for `pack`.
    /// - Throws: `TreeError.missing`, as the helper tells it.
    public func export(_ layers: [Layer], subtree: TreePath, to output: Descriptor) throws -> ExportedPart {
        // A file needs no root: it is read where it lies in its layer.
        if let file = try layeredFile(layers, subtree) {
            let digest = try file.read { try output.write($0) }
            let isExecutable = file.entry.mode & UInt16(S_IXUSR) != 0
            return ExportedPart(digest: digest, size: file.size, isExecutable: isExecutable)
        }
        let call = try start(ExportTask(layers: layers, subtree: subtree), [.layer: output], network: .own)
        guard let part = ExportedPart(try call.finish(deadline: Self.overhead)) else {
            throw TaskMessageError(key: "part")
        }
        return part
    }

    /// The file at a path; nil where something else or nothing stands there, and where only unpacking tells.
    private func layeredFile(_ layers: [Layer], _ path: TreePath) throws -> LayeredFile? {
        do { return try LayeredTree(layers, in: store).file(at: path.bytes) } catch is LayeredTreeError { return nil }
    }

    /// Finds out where directories really are in the root that layers make together: links on the way are followed,
    /// inside the root. What does not exist yet keeps the path that it would have.
    public func examine(_ layers: [Layer], directories: [TreePath]) throws -> [TreePath: ExaminedDirectory] {
        // Where the layers' indexes tell all of it nothing is unpacked and mounted for this.
        do {
            if let tree = LayeredTree(indexed: layers, in: store) { return try tree.examine(directories) }
        } catch is LayeredTreeError {}
        let call = try start(ExamineTask(layers: layers, directories: directories), [:], network: .own)
        let answer = TaskMessage(["found": try call.finish(deadline: Self.overhead)])
        let found = try answer.list("found", ExaminedDirectory.init(message:))
        guard found.count == directories.count else { throw TaskMessageError(key: "found") }
        return Dictionary(zip(directories, found)) { $1 }
    }

    /// Reads small files of the root that layers make together, as text; links on the way are followed, inside the root.
    /// - Returns: the text of those that are there.
    public func read(_ layers: [Layer], files: [TreePath], limit: Int = 8 << 20) throws -> [TreePath: String] {
        let call = try start(ReadTask(layers: layers, files: files, limit: limit), [:], network: .own)
        guard let texts = try call.finish(deadline: Self.overhead).items, texts.count == files.count else {
            throw TaskMessageError(key: "files")
        }
        let found = zip(files, texts).compactMap { path, text in text.string.map { (path, $0) } }
        return Dictionary(found) { $1 }
    }

    /// Changes the root that layers make together, without any program, and packs what changed.
    /// - Throws: `TreeEditFault`, as the helper tells it.
    public func edit(_ layers: [Layer], _ edits: [TreeEdit]) throws -> Layer {
        try makeLayer(EditTask(layers: layers, edits: edits))
    }

    /// Runs a program for a person, in a root whose changes are thrown away.
    ///
    /// Where input and output are a terminal the program gets one of its own, on which Ctrl-C and job control
    /// work; this process relays between the two.
    /// - Parameter streams: descriptors 0, 1 and 2 of the program; those of this process when nil.
    public func enter(
        _ layers: [Layer], _ program: SandboxProgram, network: UserNamespace.Network = .own,
        streams: [Descriptor]? = nil
    ) throws -> ChildProcess.Ending {
        try enter(layers, failed: nil, program, network: network, streams: streams)
    }

    /// Runs a program for a person in the root of a command that failed, with its /work. Changes are thrown away.
    public func enter(
        _ root: FailedRoot, _ program: SandboxProgram, streams: [Descriptor]? = nil
    ) throws -> ChildProcess.Ending {
        try enter(root.layers, failed: root.place, program, network: .own, streams: streams)
    }

    private func enter(
        _ layers: [Layer], failed: String?, _ program: SandboxProgram, network: UserNamespace.Network,
        streams: [Descriptor]?
    ) throws -> ChildProcess.Ending {
        let outer = try streams ?? [0, 1, 2].map { try Descriptor.standard($0) }
        let terminal = try TerminalRelay.ifInteractive(outer[0], outer[1])
        let inner = try terminal?.innerStreams() ?? outer
        let task = EnterTask(
            layers: layers, failed: failed, program: program, sharesNetwork: network == .host,
            terminal: terminal?.innerPath)
        let descriptors: [RootDescriptor: Descriptor] = [.input: inner[0], .output: inner[1], .errors: inner[2]]
        let call = try start(task, descriptors, network: network)
        let relay = try terminal?.start()
        defer { relay?.stopAndRestore() }
        let answer = try call.finish(deadline: Self.unlimited)
        guard let ending = ChildProcess.Ending(message: answer) else { throw TaskMessageError(key: "ending") }
        return ending
    }

    /// Removes the unpacked layers that nobody uses, the roots of failed commands, and what killed processes left.
    public func removeCache() throws {
        try removeFailedRoots { _ in true }
        LayerContentsCache(store: store).removeAll()
        _ = try perform(CacheRemovalTask())
    }
}

extension Descriptor {
    /// Another descriptor for one of this process's own streams, which stays open.
    fileprivate static func standard(_ number: Int32) throws(SystemError) -> Descriptor {
        Descriptor(
            owning: try SystemError.check("duplicate", "descriptor \(number)") { fcntl(number, F_DUPFD_CLOEXEC, 3) })
    }
}

extension RootWorkshop {
    func start(
        _ task: some RootTask, _ descriptors: [RootDescriptor: Descriptor], network: UserNamespace.Network
    ) throws -> HelperCall {
        let numbered = Dictionary(uniqueKeysWithValues: descriptors.map { ($0.key.rawValue, $0.value) })
        return try HelperCall.start(
            program, RootHelper.name, request: task.request(to: Workplace(store: store, compression: compression)),
            descriptors: numbered,
            launcher: UserNamespace.launcher(network: network))
    }

    private func perform(
        _ task: some RootTask, _ descriptors: [RootDescriptor: Descriptor] = [:],
        network: UserNamespace.Network = .own, deadline: Double = 0
    ) throws -> TaskMessage {
        let call = try start(task, descriptors, network: network)
        return TaskMessage(try call.finish(deadline: deadline + Self.overhead))
    }

    func remove(failed places: [String]) throws { _ = try perform(FailedRootRemovalTask(places: places)) }

    /// Performs a run, and writes down what the helper kept of one that failed.
    private func keepingFailure(
        of request: RunRequest, _ perform: (RunTask) throws -> TaskMessage
    ) throws -> TaskMessage {
        guard let name = request.failureName else { return try perform(RunTask(request)) }
        let roots = FailedRoots(store: store)
        try roots.prepare()
        // Keeping is a service: where it fails, the command's own failure is what counts.
        defer { try? roots.adopt(name, request) }
        return try perform(RunTask(request, keptAt: roots.place(of: name)))
    }

    private func makeLayer(
        _ task: some RootTask, _ descriptors: [RootDescriptor: Descriptor] = [:], deadline: Double = 0,
        meter: ByteMeter? = nil
    ) throws -> Layer {
        let blob = try store.newBlob()
        meter?.begin("packing", growing: blob.descriptor)
        defer { meter?.end() }
        let all = descriptors.merging([.layer: blob.descriptor]) { $1 }
        let call = try start(task, all, network: .own)
        let answer = try call.finish(deadline: deadline + Self.overhead)
        guard let layer = Layer(answer) else { throw TaskMessageError(key: "layer") }
        try commit(layer, blob)
        return layer
    }

    private func commit(_ layer: Layer, _ blob: BlobWriter) throws {
        _ = try blob.commit(claimed: layer.blob, size: layer.size)
    }
}
