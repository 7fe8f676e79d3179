import ArgumentParser
import BakeModel
import BakePipeline
import ImageAssembly
import LinuxSystem
import RootFilesystem

/// `bake enter`: a program in an image, whose changes are thrown away.
struct GenerationEnter: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake", commandName: "enter", abstract: "Run a program inside an image; its changes are thrown away.",
        discussion: """
            bake enter web@1 -- nginx -v
            After 'bake --keep-failed': bake enter failed:STAGE gives a shell in what the stage left, in its /work.
            """)

    @OptionGroup var global: GlobalOptions
    @Argument(help: ArgumentHelp("A reference, as in web@42, sha256:… or failed:STAGE.", valueName: "reference"))
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
        let words = program.isEmpty ? ["/bin/sh"] : program
        if let failed = try FailedStageReference(reference)?.root(in: store, of: try session.pipeline()) {
            return try enter(failed, words, store)
        }
        let found = try session.resolver(store).resolve(reference)
        return try enter(try store.image(found), words, store)
    }

    private func enter(_ image: Image, _ words: [String], _ store: BakeStore) throws -> ChildProcess.Ending {
        let configuration = image.configuration
        return try store.workshop.enter(
            image.layers,
            SandboxProgram(
                words, environment: configuration.environment,
                workingDirectory: configuration.workingDirectory ?? "/", user: configuration.user))
    }

    /// As the command that failed: with its environment, in its directory, as its user.
    private func enter(_ failed: FailedRoot, _ words: [String], _ store: BakeStore) throws -> ChildProcess.Ending {
        var program = failed.program
        program.arguments = words
        return try store.workshop.enter(failed, program)
    }
}

/// The end of a program that ran in bake's place: its status is passed on as it is.
struct ProgramEnd: Error {
    let status: Int32
}
