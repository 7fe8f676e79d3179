import BakeModel
import BlobStorage
import Glibc
import LinuxSystem

/// Runs a program for a person in a root whose changes are thrown away.
struct EnterTask: RootTask {
    static let name = "enter"
    let layers: [Layer]
    let program: SandboxProgram
    let sharesNetwork: Bool
    /// The path of the terminal that the streams are; nil where they are none.
    let terminal: String?

    init(layers: [Layer], program: SandboxProgram, sharesNetwork: Bool, terminal: String?) {
        self.layers = layers
        self.program = program
        self.sharesNetwork = sharesNetwork
        self.terminal = terminal
    }

    init(_ message: TaskMessage) throws {
        layers = try message.layers("layers")
        program = try message.value("program", SandboxProgram.init(message:))
        sharesNetwork = try message.flag("network")
        terminal = try message.optional("terminal", \.string)
    }

    var message: JSON {
        .record([
            "layers": .array(layers.map(\.json)), "program": program.message,
            "network": .bool(sharesNetwork),
            "terminal": terminal.map(JSON.string),
        ])
    }

    func perform(in store: BlobStore) throws -> JSON {
        let streams = Sandbox.Streams(
            input: try RootDescriptor.input.taken, output: try RootDescriptor.output.taken,
            errors: try RootDescriptor.errors.taken, terminal: terminal)
        let root = try mount(layers, for: .sandbox, in: store)
        let work = try root.scratch.makeDirectory("work")
        let sandbox = try Sandbox(
            root, sharingNetwork: sharesNetwork, binds: [Sandbox.Bind(work, at: "/work")])
        return try sandbox.start(program, streams).wait().message
    }
}
