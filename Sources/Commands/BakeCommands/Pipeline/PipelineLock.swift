import ArgumentParser
import BakeModel
import BakePipeline
import LayerBuild
import LinuxSystem
import RootFilesystem
import SourceCheckout

/// `bake lock`: pins what the world moves, in a file beside the pipeline's.
struct PipelineLock: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock", abstract: "Pin packages and imported roots by hash, in a file beside the pipeline's.")

    @OptionGroup var global: GlobalOptions

    @OptionGroup var secrets: SecretOptions

    @Argument(help: ArgumentHelp("The pipeline, by name or file; the only one here.", valueName: "pipeline"))
    var target: String?

    @Flag(help: "Run every 'fetch' again and pin what it gives now.")
    var update = false

    func run() throws {
        let session = CommandSession(global)
        try LockWriter(session: session, secrets: try secrets.read(session)).write(choice: target, isUpdate: update)
    }
}

/// Solves and writes the lock of a pipeline of the work tree.
struct LockWriter {
    let session: CommandSession
    var secrets: [String: SandboxSecret] = [:]

    func write(choice: String?, isUpdate: Bool = false) throws {
        let tree = try WorkTreePipeline(directory: session.directory, choice: choice, program: session.program)
        let machine = DebianMachine(proxies: DebianMachine.proxies(in: session.environment))
        let path = "\(tree.top)/\(tree.lockPath)"
        let old = (try? DurableFile.read(path, limit: LockFile.limit)).flatMap { try? LockFile.parse($0) }
        var lock = try PipelineLocker(machine: machine, imports: session.importAccess()).lock(
            tree.pipeline, ignoring: tellIgnored)
        if StageLocker.isNeeded(for: tree.pipeline) {
            lock = try built(lock, keeping: old ?? Lock(), choice: choice, isUpdate: isUpdate)
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

    /// What must be built to be known is built from the files of the work tree.
    private func built(_ lock: Lock, keeping old: Lock, choice: String?, isUpdate: Bool) throws -> Lock {
        let store = try session.createStore()
        let draft = try Checkout.workTree(session.directory, program: session.program)
        let request = try session.bakeRequest(jobs: nil, isDraft: true, secrets: secrets)
        let locker = try StageLocker(
            store: store, inputs: try BakeInputs(draft, choice: choice), request: request
        ) { [session] event in
            if case .settled(let node) = event, node.state == "ran" {
                session.console.note("built     \(node.name)  \(Wording.seconds(milliseconds: node.milliseconds))")
            }
        }
        return try locker.lock(lock, keeping: old, isUpdate: isUpdate, ignoring: tellIgnored)
    }

    private func tellIgnored(_ archive: String) {
        session.console.note("left out  \(TerminalText.escaped(archive)): not Debian's own archive")
    }
}
