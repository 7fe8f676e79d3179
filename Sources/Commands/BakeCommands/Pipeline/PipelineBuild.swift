import ArgumentParser
import BakeModel
import BakePipeline
import Glibc

/// `bake build`: commit → generation.
struct PipelineBuild: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake", commandName: "build", abstract: "Bake a commit: layers, image, spec, generation.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var source: SourceOptions
    @OptionGroup var oneOff: OneOffOptions
    @OptionGroup var secrets: SecretOptions
    @OptionGroup var evidenceKey: EvidenceKeyOptions

    @Flag(help: "Bake uncommitted files as well; the image gets no number.")
    var draft = false

    @Flag(help: "Bake again, at their commits, the images whose parent has moved on: those that 'bake status' shows.")
    var stale = false

    @Option(name: .shortAndLong, help: "How many stages run at once; as many as there are processors.")
    var jobs: Int?

    @Option(help: ArgumentHelp("Run this stage although its result is kept. May be repeated.", valueName: "stage"))
    var fresh: [String] = []

    @Flag(help: "Build every stage twice, also those whose results are kept, and fail where the two differ.")
    var checkDeterminism = false

    @Flag(help: "Keep the root of a command that fails until the next bake, for 'bake enter failed:STAGE'.")
    var keepFailed = false

    @Flag(help: "Show when each stage began, how long it took, and which of them decided how long everything took.")
    var timings = false

    @Option(help: ArgumentHelp("Write the spec's report as JUnit XML, on every outcome.", valueName: "file"))
    var junit: String?

    @Option(help: ArgumentHelp("Write the result as JSON, on every exit code.", valueName: "file"))
    var result: String?

    func run() throws {
        let session = CommandSession(global)
        if stale { return try StaleBuild(session: session, jobs: jobs).run(source, isDraft: draft) }
        if session.options.isDryRun {
            try oneOff.confirmNotPlanned()
            return try PlanReport(session: session).tell(source, isDraft: draft, fresh: fresh)
        }
        let report = BuildReport(session: session, junit: junit, result: result, hasTimings: timings)
        let interruption = Interruption { report.interrupted() }
        report.interruption = interruption
        do {
            try report.confirmPlaces()
            try CommandSession.confirm(jobs: jobs)
            let (outcome, isStoreTooLarge) = try bake(session, report, interruption)
            try report.finish(outcome)
            if isStoreTooLarge { holdLimit(session) }
            if outcome.promotions.contains(where: \.isMoved) { session.anchor(try session.openStore(), evidenceKey) }
        } catch  where interruption.isSignalled {
            interruption.unwound()
            report.interrupted()
            session.sweep()
            throw SilentExit(code: .interrupted)
        } catch let error as any ExplainedError {
            report.fail(error)
            throw error
        }
    }

    private func bake(
        _ session: CommandSession, _ report: BuildReport, _ interruption: Interruption
    ) throws -> (outcome: BakeOutcome, isStoreTooLarge: Bool) {
        let early = try storeBeforehand(session)
        report.storeIdentity = try early?.identity()
        let inputs = try inputs(session, early, report, interruption)
        report.inputs = inputs
        let secrets = try secrets.read(session)
        try inputs.confirm(secrets: secrets.keys)
        let store = try early ?? session.ensureStore()
        if early == nil { report.storeIdentity = try store.identity() }
        let isDraft = try draft || isBesideReleases(inputs, store, session)
        var request = try session.bakeRequest(jobs: jobs, isDraft: isDraft, secrets: secrets) {
            interruption.isSignalled
        }
        request.key = try evidenceKey.key(session)
        request.fetchOptions = session.fetchOptions
        request.fresh = Set(try fresh.map(inputs.node))
        request.keepsFailed = keepFailed
        request.buildsTwice = checkDeterminism
        if checkDeterminism { request.fresh.formUnion(inputs.pipeline.stages.map { PlanNode.id(of: .stage($0.name)) }) }
        let outcome = try BakeRun(store: store, inputs: inputs, request: request).run(observe: report.observe)
        session.refreshIndex(of: store)
        // Where that cannot be told, whoever holds the limit says why.
        return (outcome, (try? StoreLimit.isExceeded(in: store)) ?? true)
    }

    /// The store, where it is there, or where the commit cannot be read without one. Elsewhere nothing is made before the
    /// commit and its pipeline turned out to be right.
    private func storeBeforehand(_ session: CommandSession) throws -> BakeStore? {
        if session.hasStore { return try session.createStore() }
        return source.isElsewhere ? try session.ensureStore() : nil
    }

    /// Brings the store below the policy's `max_size`. The bake is done: what keeps it from that is told, and no failure.
    private func holdLimit(_ session: CommandSession) {
        do {
            let limit = StoreLimit(session.storePath, program: session.program, clock: session.now)
            guard let outcome = try limit.hold(by: session.actor()) else { return }
            session.console.note(
                "max_size: collected \(outcome.generations.map(\.description).joined(separator: ", "))")
        } catch {
            let told = (error as? any ExplainedError).map(CommandFailure.lines) ?? ["\(error)"]
            told.forEach(session.console.complain)
        }
    }

    /// The files of a commit, or those of a pipeline that the words make.
    private func inputs(
        _ session: CommandSession, _ store: BakeStore?, _ report: BuildReport, _ interruption: Interruption
    ) throws -> BakeInputs {
        guard let pipeline = try oneOff.pipeline(session) else {
            return try source.inputs(session, store, isDraft: draft)
        }
        guard source.target == nil, source.commit == nil, source.settings.isEmpty, !draft else {
            throw UsageError(subject: "--from", reason: "it makes a pipeline and a commit of its own")
        }
        let request = try session.bakeRequest(jobs: jobs, isDraft: true) { interruption.isSignalled }
        return try OneOffLocker(store: try store ?? session.openStore(), pipeline: pipeline, request: request)
            .inputs(observe: report.observe)
    }

    /// Whether the policy names a release branch, and the commit is not on it.
    private func isBesideReleases(_ inputs: BakeInputs, _ store: BakeStore, _ session: CommandSession) throws -> Bool {
        guard let branch = try store.promotion.policy().pipeline(inputs.pipeline.name)?.branch,
            try !inputs.checkout.isOn(branch: branch)
        else { return false }
        session.console.note(
            "a draft: the policy makes generations of the branch \(branch), and this commit is not on it")
        return true
    }
}
