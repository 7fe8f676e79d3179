import BakeModel
import BakePipeline

/// `bake build --stale`: the children of images that moved on, baked again at their recorded commits.
struct StaleBuild {
    let session: CommandSession
    let jobs: Int?

    /// Bakes each once. One that fails does not keep the others from being baked; then the exit code is 1.
    func run(_ source: SourceOptions, isDraft: Bool) throws {
        guard source.target == nil, source.commit == nil, source.settings.isEmpty, !isDraft else {
            throw UsageError(subject: "--stale", reason: "it chooses pipelines, commits and arguments by itself")
        }
        let store = try session.openStore()
        let interruption = Interruption {}
        var baked: Set<PipelineName> = []
        var hasFailed = false
        // A child that is promoted by itself makes its own children stale.
        while let next = try StaleImage.all(in: store).first(where: { !baked.contains($0.child.id.pipeline) }) {
            baked.insert(next.child.id.pipeline)
            session.console.note("\(next.child.id)  \(next.base.generation) -> \(next.parent)")
            if session.options.isDryRun { continue }
            do { try bake(next.child, store, interruption) } catch let end as SilentExit where end.code == .failed {
                hasFailed = true
            } catch let error as any ExplainedError {
                CommandFailure.lines(error).forEach(session.console.complain)
                if error is StaleLock {
                    let pipeline = next.child.id.pipeline
                    session.console.complain(
                        "      and bake build \(pipeline): --stale bakes the recorded commit alone")
                }
                hasFailed = true
            }
        }
        if baked.isEmpty { session.console.note("nothing is stale") }
        if hasFailed { throw SilentExit(code: .failed) }
    }

    private func bake(_ child: GenerationRecord, _ store: BakeStore, _ interruption: Interruption) throws {
        let report = BuildReport(session: session, junit: nil, result: nil)
        let inputs = try BakeInputs(try session.checkout(of: child, store), of: child)
        let request = try session.bakeRequest(jobs: jobs, isDraft: false) { interruption.isSignalled }
        do {
            let outcome = try BakeRun(store: store, inputs: inputs, request: request).run(observe: report.observe)
            session.refreshIndex(of: store)
            try report.finish(outcome)
        } catch  where interruption.isSignalled {
            interruption.unwound()
            session.sweep()
            throw SilentExit(code: .interrupted)
        }
    }
}
