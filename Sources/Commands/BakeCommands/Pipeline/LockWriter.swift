import BakeModel
import BakePipeline
import LayerBuild
import LinuxSystem
import RootFilesystem
import SourceCheckout

/// Solves and writes the lock of a pipeline of the work tree.
struct LockWriter {
    let session: CommandSession
    var secrets: [String: SandboxSecret] = [:]
    /// Whether only to find out if the lock would change.
    var isCheck = false

    /// Writes the lock of the pipeline here, or of each where there are several.
    /// - Returns: their names; none where there is one.
    @discardableResult
    func writeEach(update: LockUpdate = .nothing) throws -> [String] {
        do {
            try write(choice: nil, update: update)
            return []
        } catch PipelineLocationFault.several(let choices)
            where !session.options.json
        {
            let changed = try choices.filter { choice in
                do { try write(choice: choice, update: update) } catch is SilentExit { return true }
                return false
            }
            if !changed.isEmpty { throw SilentExit(code: .failed) }
            return choices
        }
    }

    /// - Parameter choice: the pipeline, by name or file; the only one here where nil.
    func write(choice: String?, update: LockUpdate = .nothing) throws {
        let tree = try WorkTreePipeline(directory: session.directory, choice: choice, program: session.program)
        let path = "\(tree.top)/\(tree.lockPath)"
        let old = (try? DurableFile.read(path, limit: LockFile.limit)).flatMap { try? LockFile.parse($0) }
        let proposal = try proposal(for: tree, keeping: old ?? Lock(), choice, update)
        for archive in proposal.ignoredArchives {
            session.console.note("left out  \(TerminalText.escaped(archive)): not Debian's own archive")
        }
        if proposal.lock == Lock(), old == nil {
            return session.console.note("nothing to pin: \(tree.pipeline.name) takes nothing from outside its commit")
        }
        let text = Array(LockFile.text(of: proposal.lock).utf8)
        if !session.options.isDryRun, !isCheck { try DurableFile.replace(path, with: text) }
        let changes = LockChanges(from: old ?? Lock(), to: proposal.lock, security: proposal.security)
        LockReport(changes, of: tree.lockPath, unknown: proposal.unknown).tell(session)
        if isCheck, !changes.isEmpty { throw SilentExit(code: .failed) }
    }

    private func proposal(
        for tree: WorkTreePipeline, keeping old: Lock, _ choice: String?, _ update: LockUpdate
    ) throws -> PipelineLocker.Proposal {
        let machine = DebianMachine(proxies: DebianMachine.proxies(in: session.environment))
        let isBuilt = StageLocker.isNeeded(for: tree.pipeline)
        let store =
            isBuilt && !session.options.isDryRun ? try session.ensureStore() : try? session.openStore(readOnly: true)
        let top = tree.top
        let locker = PipelineLocker(machine: machine, imports: session.importAccess(), store: store?.blobs) {
            path, limit in
            try DurableFile.read("\(top)/\(path)", limit: limit)
        }
        let proposal = try locker.lock(tree.pipeline, keeping: old, update: update)
        guard isBuilt, let store else { return proposal }
        return try built(proposal, store, keeping: old, choice, update)
    }

    /// What must be built to be known is built from the files of the work tree; nothing is in a dry run.
    private func built(
        _ proposal: PipelineLocker.Proposal, _ store: BakeStore, keeping old: Lock, _ choice: String?,
        _ update: LockUpdate
    ) throws -> PipelineLocker.Proposal {
        let draft = try Checkout.workTree(session.directory, program: session.program)
        let request = try session.bakeRequest(jobs: nil, isDraft: true, secrets: secrets)
        let locker = try StageLocker(
            store: store, inputs: try BakeInputs(draft, choice: choice), request: request
        ) { [session] event in
            if case .settled(let node) = event, node.state == "ran" {
                session.console.note("built     \(node.name)  \(Wording.seconds(milliseconds: node.milliseconds))")
            }
        }
        return try locker.lock(proposal, keeping: old, update: update, mayBuild: !session.options.isDryRun)
    }
}
