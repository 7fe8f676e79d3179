import ArgumentParser
import BakeModel
import BakePipeline
import LayerBuild
import LinuxSystem
import SourceCheckout

/// `bake lock`: pins what the world moves, in a file beside the pipeline's.
struct PipelineLock: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock", abstract: "Pin packages and imported roots by hash, in a file beside the pipeline's.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("The pipeline, by name or file; the only one here.", valueName: "pipeline"))
    var target: String?

    func run() throws {
        let session = CommandSession(global)
        try LockWriter(session: session).write(choice: target)
    }
}

/// Solves and writes the lock of a pipeline of the work tree.
struct LockWriter {
    let session: CommandSession

    func write(choice: String?) throws {
        let tree = try WorkTreePipeline(directory: session.directory, choice: choice, program: session.program)
        let machine = DebianMachine(proxies: DebianMachine.proxies(in: session.environment))
        let path = "\(tree.top)/\(tree.lockPath)"
        let old = (try? DurableFile.read(path, limit: LockFile.limit)).flatMap { try? LockFile.parse($0) }
        let lock = try PipelineLocker(machine: machine).lock(tree.pipeline) { archive in
            session.console.note("left out  \(TerminalText.escaped(archive)): not Debian's own archive")
        }
        if lock == Lock(), old == nil {
            return session.console.note("nothing to pin: \(tree.pipeline.name) takes nothing from outside its commit")
        }
        let text = Array(LockFile.text(of: lock).utf8)
        if session.options.isDryRun == false { try DurableFile.replace(path, with: text) }
        for line in LockChanges(from: old ?? Lock(), to: lock).lines {
            session.console.note(TerminalText.escaped(line))
        }
        session.console.result(TerminalText.escaped(tree.lockPath.description))
    }
}
