import BakeModel
import BlobStorage
import Glibc
import LinuxSystem

/// Runs a program for a person in a root whose changes are thrown away.
struct EnterTask: RootTask {
    static let name = "enter"
    let layers: [Layer]
    /// Where the root of a failed command lies that is entered, over the layers; nil for the layers alone.
    let failed: String?
    let program: SandboxProgram
    let sharesNetwork: Bool
    /// The path of the terminal that the streams are; nil where they are none.
    let terminal: String?

    init(layers: [Layer], failed: String?, program: SandboxProgram, sharesNetwork: Bool, terminal: String?) {
        self.layers = layers
        self.failed = failed
        self.program = program
        self.sharesNetwork = sharesNetwork
        self.terminal = terminal
    }

    init(_ message: TaskMessage) throws {
        layers = try message.layers("layers")
        failed = try message.optional("failed", \.string)
        program = try message.value("program", SandboxProgram.init(message:))
        sharesNetwork = try message.flag("network")
        terminal = try message.optional("terminal", \.string)
    }

    var message: JSON {
        .record([
            "layers": .array(layers.map(\.json)), "failed": failed.map(JSON.string), "program": program.message,
            "network": .bool(sharesNetwork),
            "terminal": terminal.map(JSON.string),
        ])
    }

    func perform(in workplace: Workplace) throws -> JSON {
        let streams = Sandbox.Streams(
            input: try RootDescriptor.input.taken, output: try RootDescriptor.output.taken,
            errors: try RootDescriptor.errors.taken, terminal: terminal)
        guard let place = failed.map(FailedRootPlace.init) else {
            let root = try mount(layers, for: .sandbox, in: workplace)
            let work = try root.scratch.makeDirectory("work")
            return try enter(root, binds: [Sandbox.Bind(work, at: RunStep.directory)], streams)
        }
        let lock = try place.hold()
        defer { withExtendedLifetime(lock) {} }
        let root = try OverlayRoot(
            try LayerCache(store: workplace.store).hold(layers), for: .sandbox, temporary: workplace.store.temporary,
            over: [place.changes, place.below])
        return try enter(root, binds: [], streams)
    }

    private func enter(_ root: OverlayRoot, binds: [Sandbox.Bind], _ streams: Sandbox.Streams) throws -> JSON {
        let sandbox = try Sandbox(root, sharingNetwork: sharesNetwork, binds: binds)
        var program = program
        program.makesDirectory = true
        return try sandbox.start(program, streams).wait().message
    }
}
