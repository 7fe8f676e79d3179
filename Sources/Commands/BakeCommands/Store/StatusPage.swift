import AuditTrail
import BakeModel
import BakePipeline

/// `bake status --html`: slots, timelines, verdicts and who did what, on one page that needs nothing else.
struct StatusPage {
    private let session: CommandSession
    private let status: Status
    private let spans: [AuditSpan]
    private let acts: [(entry: Entry, what: String)]
    private let now: Timestamp
    private let store: String
    /// What is found of what the slots hold.
    private let verdicts: [GenerationID: String]

    /// The latest acts that are shown.
    private static let actLimit = 50
    /// The latest spans that are drawn: of all slots together, and of one.
    private static let spanLimit = (all: 2000, slot: 10...200)

    init(_ store: BakeStore, _ status: Status, session: CommandSession) throws {
        self.session = session
        self.status = status
        self.store = try store.identity()
        now = session.now()
        let shown = Set(status.pipelines)
        let slots = try store.audit.slots().filter { shown.contains($0.pipeline) }
        let share = Self.spanLimit.all / max(1, slots.count)
        let limit = min(max(share, Self.spanLimit.slot.lowerBound), Self.spanLimit.slot.upperBound)
        spans = try slots.flatMap { try store.audit.timeline(of: $0, limit: limit) }
        verdicts = try Dictionary(
            spans.filter { $0.until == nil }.map { ($0.generation.id, try Self.verdict($0.generation, in: store)) },
            uniquingKeysWith: { first, _ in first })
        acts = try store.audit.acts(by: nil, limit: Self.actLimit).map { ($0, try ActsReport.what($0, in: store)) }
    }

    /// What the bake found, and what later tests did that nobody lifted.
    private static func verdict(_ record: GenerationRecord, in store: BakeStore) throws -> String {
        let failed = try store.failedTests(of: record.image).map { "TEST FAILED: \($0.text)" }
        return ([record.verdict.map { "spec \($0.text)" } ?? "no spec"] + failed).joined(separator: "; ")
    }

    var text: String {
        """
        <!DOCTYPE html>
        <html lang="en" xmlns="http://www.w3.org/1999/xhtml">
        <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
        <title>bake: what is where</title>
        <style>\(Self.style)</style>
        </head>
        <body>
        <h1>What is where</h1>
        <p class="quiet">store \(store), \(cell(session.local(now))). "Was promoted", not "ran": hosts report nothing yet.</p>
        \(alarms)
        <h2>Slots</h2>
        \(slots)
        <h2>Timelines</h2>
        \(TimelineDrawing(spans: spans, now: now, session: session).text)
        <h2>Now, and why</h2>
        \(current)
        <h2>Who did what</h2>
        \(history)
        </body>
        </html>

        """
    }

    /// What must not go unseen, in words.
    private var alarms: String {
        status.alarms.map { "<p class=\"alarm\" role=\"alert\">\(cell($0))</p>" }.joined(separator: "\n")
    }

    private var slots: String {
        let heads = row(["", "newest"] + status.environmentNames, "th")
        let rows = status.rows.map { row($0) }.joined(separator: "\n")
        let stale = status.staleLines.map { "<p class=\"warning\">\(cell($0))</p>" }.joined()
        return "<table>\n\(heads)\n\(rows)\n</table>\(stale)"
    }

    private var current: String {
        let rows = spans.filter { $0.until == nil }.map { span in
            let generation = span.generation
            return row([
                span.slot.description, generation.id.description, "since \(session.local(span.since))",
                "\(generation.commit.id.short) \(generation.commit.author) \"\(generation.commit.summary)\"",
                verdicts[generation.id] ?? "",
                "\(span.move.direction.rawValue) by \(span.move.isAutomatic ? "policy, for " : "")\(span.actor.text)",
                span.move.reason ?? "", generation.image.short,
            ])
        }
        let heads = ["slot", "generation", "", "commit", "verdict", "who", "why", "image"]
        return "<table>\n\(row(heads, "th"))\n\(rows.joined(separator: "\n"))\n</table>"
    }

    private var history: String {
        let rows = acts.map { entry, what in
            row([
                String(entry.sequence), session.local(entry.time), entry.actor.text, what,
                ActsReport.reason(entry) ?? "",
            ])
        }
        let table =
            "<table>\n\(row(["entry", "when", "who", "what", "why"], "th"))\n\(rows.joined(separator: "\n"))\n</table>"
        if acts.count < Self.actLimit { return table }
        return table
            + "<p class=\"quiet\">The latest \(Self.actLimit): bake audit --acts --limit COUNT tells of more.</p>"
    }

    private func row(_ cells: [String], _ tag: String = "td") -> String {
        "<tr>\(cells.map { "<\(tag)>\(cell($0))</\(tag)>" }.joined())</tr>"
    }

    private func cell(_ text: String) -> String { MarkupText.escaped(text) }

    private static let style = """
        body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem; color: #1d2733; }
        h1 { font-size: 1.5rem; margin-bottom: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
        table { border-collapse: collapse; width: 100%; }
        th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #e3e7ec; vertical-align: top; }
        th { font-weight: 600; color: #5a6675; } .quiet { color: #5a6675; } .warning { color: #9a5b00; }
        .alarm { background: #b3261e; color: #fff; padding: .5rem .8rem; font-weight: 600; }
        svg { width: 100%; height: auto; } svg text { font: 12px system-ui, sans-serif; fill: #1d2733; }
        svg .axis { fill: #5a6675; font-size: 11px; } svg .label { fill: #fff; }
        """
}
