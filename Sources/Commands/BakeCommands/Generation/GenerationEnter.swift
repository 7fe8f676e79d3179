import ArgumentParser
import BakeModel
import BakePipeline
import ImageAssembly
import LinuxSystem
import RootFilesystem

/// `bake enter`: a program in an image, whose changes are thrown away.
struct GenerationEnter: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enter", abstract: "Run a program inside an image; its changes are thrown away.",
        discussion: "bake enter web@1 -- nginx -v")

    @OptionGroup var global: GlobalOptions
    @Argument(help: ArgumentHelp("A reference, as in web@42 or sha256:….", valueName: "reference"))
    var reference: String
    @Argument(parsing: .postTerminator, help: ArgumentHelp("The program; a shell where absent.", valueName: "program"))
    var program: [String] = []

    func run() throws {
        let session = CommandSession(global)
        switch try session.withImages({ try enter($0, session) }) {
        case .exited(0): return
        case .exited(let status): throw ProgramEnd(status: status)
        case .signalled(let signal): throw ProgramEnd(status: 128 + signal)
        }
    }

    private func enter(_ store: BakeStore, _ session: CommandSession) throws -> ChildProcess.Ending {
        let found = try session.resolver(store).resolve(reference)
        let image = try ImageReader(store: store.blobs).read(found.image)
        return try store.workshop.enter(
            image.layers,
            SandboxProgram(
                program.isEmpty ? ["/bin/sh"] : program, environment: image.configuration.environment,
                workingDirectory: image.configuration.workingDirectory ?? "/", user: image.configuration.user))
    }
}

/// The end of a program that ran in bake's place: its status is passed on as it is.
struct ProgramEnd: Error {
    let status: Int32
}
