import BakeModel
import BakePipeline
import EnvironmentPromotion
import Foundation
import Glibc
import LinuxSystem
import SpecRun
import Synchronization

/// What a bake tells while it runs and when it ends: lines for people, the reference, the JUnit file, the result file.
final class BuildReport: Sendable {
    private let session: CommandSession
    private let junit: String?
    private let result: String?
    private let known = Mutex(Known())

    private struct Known {
        var storeIdentity: String?
        var inputs: BakeInputs?
    }

    init(session: CommandSession, junit: String?, result: String?) {
        self.session = session
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

    /// Finds out before anything is baked that a report could not be written after it.
    /// - Throws: `UsageError`.
    func confirmPlaces() throws {
        for (option, path) in [("--junit", junit), ("--result", result)] {
            guard let path else { continue }
            let directory = path.split(separator: "/").dropLast().reduce("/") { "\($0)\($1)/" }
            guard access(directory, W_OK) != 0 else { continue }
            let reason = String(cString: strerror(errno))
            throw UsageError(subject: "\(option) \(path)", reason: "nothing can be written to \(directory): \(reason)")
        }
    }

    /// Tells what happens, one line each.
    @Sendable func observe(_ event: BakeEvent) {
        switch event {
        case .started(let name, let why):
            if session.options.verbose { session.console.note(" \(name)  \(TerminalText.escaped(why))") }
        case .output(let stage, let line):
            if session.options.verbose { session.console.note(" \(stage) | \(TerminalText.escaped(line))") }
        case .settled(let node):
            if node.name != "image" || node.error != nil { session.console.note(line(of: node)) }
        }
    }

    /// Tells the outcome, and ends with exit 1 where the bake failed.
    func finish(_ outcome: BakeOutcome) throws {
        try writeJUnit(outcome)
        let exit: ExitCode = outcome.result == .failed ? .failed : .done
        try writeResult(BuildResult(outcome, store: storeIdentity, exit: exit, junit: junit).json)
        if let verdict = outcome.verdict {
            for line in TerminalReport(verdict).failures { session.console.complain("  \(TerminalText.escaped(line))") }
        }
        guard outcome.result != .failed else {
            if let failure = outcome.failure as? any ExplainedError {
                for line in CommandFailure.lines(failure) { session.console.complain(line) }
            }
            session.console.complain("build \(outcome.entry) failed")
            throw SilentExit(code: .failed)
        }
        try tell(outcome)
    }

    /// Writes both files for an error that came before there was an outcome.
    func fail(_ error: any ExplainedError) {
        try? writeResult(BuildResult.failure(error, store: storeIdentity, commit: inputs?.checkout.commit.id))
        let report = JUnitReport(failedStage: "checkout", reason: error.reason, at: session.now())
        try? write(Array(report.text.utf8), to: junit)
    }

    /// Writes both files for a bake that a signal ended.
    func interrupted() {
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
        if session.options.quiet { return session.console.result(reference) }
        let stands = outcome.result == .stands ? " stands" : ""
        session.console.result(
            "\(name)\(stands)  \(outcome.image?.manifest.short ?? "")  commit \(commit.id.short) \"\(summary)\"  "
                + Wording.seconds(milliseconds: outcome.milliseconds))
        if outcome.result == .draft { session.console.note("draft: bake enter \(reference) -- sh") }
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

    private func line(of node: BakeOutcome.Node) -> String {
        let name = node.name.padded(to: 10)
        let time = node.state == "ran" ? Wording.seconds(milliseconds: node.milliseconds).padded(to: 7) : "       "
        let why = node.state == "failed" ? "" : TerminalText.escaped(node.why)
        return " \(name) \(node.state.padded(to: 7)) \(time) \(why)".trimmingEnd
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
        if let path { try DurableFile.replace(path, with: bytes) }
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
