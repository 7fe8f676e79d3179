import BakeModel
import BakePipeline
import EnvironmentPromotion
import Glibc
import LinuxSystem
import SpecRun
import Synchronization

/// What a bake tells while it runs and when it ends: lines for people, the reference, the JUnit file, the result file.
final class BuildReport: Sendable {
    private let session: CommandSession
    private let hasTimings: Bool
    /// The lines of running nodes; nil where no terminal would show them.
    private let live: LiveProgress?
    private let junit: String?
    private let result: String?
    private let known = Mutex(Known())

    private struct Known {
        var storeIdentity: String?
        var inputs: BakeInputs?
        var interruption: Interruption?
        /// What became of the nodes until now.
        var nodes: [BakeOutcome.Node] = []
    }

    init(session: CommandSession, junit: String?, result: String?, hasTimings: Bool = false) {
        self.session = session
        self.hasTimings = hasTimings
        let isLive = session.console.isInteractive && !session.console.isQuiet
        live = isLive ? LiveProgress(console: session.console) : nil
        self.junit = junit.map(session.absolute)
        self.result = result.map(session.absolute)
    }

    var storeIdentity: String? {
        get { known.withLock { $0.storeIdentity } }
        set { known.withLock { $0.storeIdentity = newValue } }
    }

    var inputs: BakeInputs? {
        get { known.withLock { $0.inputs } }
        set { known.withLock { $0.inputs = newValue } }
    }

    /// Tells apart what failed and what a signal ended.
    var interruption: Interruption? {
        get { known.withLock { $0.interruption } }
        set { known.withLock { $0.interruption = newValue } }
    }

    /// Finds out before anything is baked that a report could not be written after it.
    /// - Throws: `UsageError`.
    func confirmPlaces() throws { try ReportPlaces.confirm(["--junit": junit, "--result": result]) }

    /// Tells what happens, one line each.
    @Sendable func observe(_ event: BakeEvent) {
        live?.observe(event)
        switch event {
        case .waiting(let name): tellDetail(" \(name)  waits for another bake")
        case .started(let name, let why, _): tellDetail(" \(name)  \(TerminalText.escaped(why))")
        case .output(let stage, let line): tellDetail(" \(stage) | \(TerminalText.escaped(line))")
        case .settled(let settled):
            let node = interruption?.isSignalled == true ? settled.interrupted : settled
            known.withLock { $0.nodes.append(node) }
            let style = TerminalStyle(isOn: session.console.isInteractive)
            if node.name != "image" || node.error != nil { tell(StageLine(style).text(of: node)) }
        case .measured: break
        }
    }

    private func tellDetail(_ line: String) { if session.options.verbose { tell(line) } }

    private func tell(_ line: String) {
        if let live { live.print(line) } else { session.console.note(line) }
    }

    /// Tells the outcome, and ends with exit 1 where the bake failed.
    func finish(_ outcome: BakeOutcome) throws {
        live?.stop()
        try writeJUnit(outcome)
        let exit: ExitCode = outcome.result == .failed ? .failed : .done
        try writeResult(BuildResult(outcome, store: storeIdentity, exit: exit, junit: junit).json)
        if let verdict = outcome.verdict {
            for line in TerminalReport(verdict).failures { session.console.complain("  \(TerminalText.escaped(line))") }
        }
        if hasTimings { TimingsReport(outcome).lines.forEach(session.console.note) }
        guard outcome.result != .failed else {
            StageFailureReport(outcome: outcome).lines.forEach(session.console.complain)
            throw SilentExit(code: .failed)
        }
        try tell(outcome)
    }

    /// Writes both files for an error that came before there was an outcome.
    func fail(_ error: any ExplainedError) {
        live?.stop()
        let (nodes, inputs) = known.withLock { ($0.nodes, $0.inputs) }
        let commit = inputs?.checkout.commit.id
        try? writeResult(BuildResult.failure(error, store: storeIdentity, commit: commit, nodes: nodes))
        let stage = nodes.first { $0.error != nil }?.name ?? (inputs == nil ? "checkout" : "bake")
        let report = JUnitReport(failedStage: stage, reason: CommandFailure.sentence(error), at: session.now())
        try? write(Array(report.text.utf8), to: junit)
    }

    /// Writes both files for a bake that a signal ended.
    func interrupted() {
        live?.stop()
        session.console.complain("bake: interrupted")
        fail(BakeCancelled())
    }

    private func tell(_ outcome: BakeOutcome) throws {
        let commit = outcome.commit
        let summary = TerminalText.escaped(commit.summary)
        let name = outcome.generation?.id.description ?? "draft"
        let reference = outcome.generation?.id.description ?? outcome.image?.manifest.description ?? ""
        if session.options.json {
            let document = BuildResult(outcome, store: storeIdentity, exit: .done, junit: junit).json
            return session.console.document(document)
        }
        if let rejection = outcome.rejection {
            let reason = TerminalText.escaped(rejection.reason)
            session.console.complain(
                "REJECTED  this image was rejected in entry \(rejection.entry): \(reason)  no environment takes it")
        }
        outcome.promotions.compactMap(\.damage).flatMap(CommandFailure.lines).forEach(session.console.complain)
        if session.options.quiet { return session.console.result(reference) }
        let stands = outcome.result == .stands ? " stands" : ""
        session.console.result(
            "\(name)\(stands)  \(outcome.image?.manifest.short ?? "")  commit \(commit.id.short) \"\(summary)\"  "
                + Wording.seconds(milliseconds: outcome.milliseconds))
        if outcome.result == .draft { session.console.note("draft: bake enter \(reference) -- sh") }
        if let error = outcome.lossOfCommit {
            let reason = (error as? any ExplainedError)?.reason ?? String(describing: error)
            session.console.complain(
                "the commit could not be kept in the store, so 'bake rebake' needs its origin: \(TerminalText.escaped(reason))"
            )
        }
        for promotion in outcome.promotions { session.console.note(Self.line(of: promotion)) }
    }

    private static func line(of promotion: BakeOutcome.Promotion) -> String {
        switch promotion.result {
        case .success(let outcome):
            "\(outcome.move.slot)  \(outcome.move.from?.description ?? "empty") -> \(outcome.move.to)  automatic"
        case .failure(let error):
            "\(promotion.environment) not promoted: "
                + TerminalText.escaped((error as? any ExplainedError)?.reason ?? String(describing: error))
        }
    }

    private func writeJUnit(_ outcome: BakeOutcome) throws {
        let report: JUnitReport
        if let verdict = outcome.verdict {
            report = JUnitReport(verdict, at: session.now())
        } else if let failed = outcome.nodes.first(where: { $0.error != nil }) {
            report = JUnitReport(failedStage: failed.name, reason: failed.why, at: session.now())
        } else {
            report = JUnitReport(Verdict(checks: []), at: session.now())
        }
        try write(Array(report.text.utf8), to: junit)
    }

    private func writeResult(_ json: JSON) throws { try write(json.canonicalBytes + [UInt8(ascii: "\n")], to: result) }

    private func write(_ bytes: [UInt8], to path: String?) throws {
        if let path { try OutputFile.write(path, bytes) }
    }
}

extension String {
    /// The text with spaces behind it, up to a width.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - TerminalText.width(of: self)))
    }

    /// The text without spaces at its end.
    var trimmingEnd: String { String(reversed().drop { $0 == " " }.reversed()) }
}
