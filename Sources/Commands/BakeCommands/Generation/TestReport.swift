import BakeModel
import BakePipeline
import EnvironmentPromotion
import SpecRun

/// What `bake test` says: the result on standard output, what did not pass on standard error.
struct TestReport {
    let verdict: Verdict
    /// What it is bound to; nil for a directory.
    let record: VerdictRecord?
    /// The entry that it became; nil where nothing was recorded.
    let entry: Int64?
    let time: Timestamp
    /// What is printed instead of the counts.
    let format: ReportFormat?
    /// What a failure keeps from happening; nil where nothing was recorded, and for a pass.
    var consequence: TestConsequence?
    /// Where the image stands that failed, and the command that takes it away from there; nowhere for a pass.
    var standing: [StandingImage] = []
    /// The command that makes the same test again.
    var command = ""

    func text(_ format: ReportFormat) -> String { format.text(of: verdict, at: time) }

    func tell(_ session: CommandSession) {
        let console = session.console
        if let format {
            let lines = text(format).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            let shown = format.isForPeople ? lines.map(TerminalText.escaped) : lines
            return console.verbatim(shown.joined(separator: "\n"))
        }
        if session.options.json { console.document(document) } else { console.result(summary) }
        for (name, digest) in verdict.images.sorted(by: { $0.key < $1.key }) {
            console.note("booted \(name), \(digest)")
        }
        for thing in verdict.lent { console.note("lent \(TerminalText.escaped(thing))") }
        let report = TerminalReport(verdict)
        let lines = session.options.verbose ? report.everything : report.failures
        for line in lines { console.complain("  \(TerminalText.escaped(line))") }
        for place in standing { console.complain("still in \(place.slot):  \(place.wayOut)") }
        consequences.map(TerminalText.escaped).forEach(console.note)
    }

    /// What the failure blocks, and how that is lifted.
    private var consequences: [String] {
        guard let consequence, let record, !consequence.closed.isEmpty else { return [] }
        let closed = consequence.closed.map(\.text).joined(separator: ", ")
        var lines = [
            "\(closed): closed to this image until these very checks, \(record.spec.short), pass on it:  \(command)",
            "  a corrected file is another spec and does not lift that; bake promote … --break-glass REASON goes past it",
        ]
        if !consequence.unsigned.isEmpty {
            let names = consequence.unsigned.map(\.text).joined(separator: ", ")
            lines.append("  \(names): what was signed for this image before counts no more")
        }
        return lines
    }

    private var summary: String {
        TerminalReport(verdict).summary + (entry.map { "  entry \($0)" } ?? "")
    }

    private var document: JSON {
        var members = (record?.json ?? verdict.json).members ?? [:]
        members["entry"] = entry.map(JSON.number)
        members["closed"] = consequence.map { .array($0.closed.map { .string($0.text) }) }
        if !standing.isEmpty { members["standing"] = .array(standing.map { .string($0.slot.description) }) }
        return .object(members)
    }
}
