import AuditTrail
import BakeModel

/// What slots held over time, as an SVG picture: a row for each slot, a bar for each generation, the present on the right.
struct TimelineDrawing {
    private let slots: [(slot: Slot, spans: [AuditSpan])]
    private let first: Int64
    private let last: Int64
    private let session: CommandSession

    private static let left = 170.0
    private static let width = 830.0
    private static let row = 30.0
    private static let colours = ["#3f7ec0", "#2f9e77", "#b8643b", "#7f62b3", "#a8812a", "#46829a"]

    init(spans: [AuditSpan], now: Timestamp, session: CommandSession) {
        slots = Dictionary(grouping: spans, by: \.slot).sorted { $0.key.description < $1.key.description }
            .map { ($0.key, $0.value) }
        first = spans.map(\.since.milliseconds).min() ?? now.milliseconds
        last = max(now.milliseconds, first + 1)
        self.session = session
    }

    var text: String {
        guard !slots.isEmpty else { return "<p class=\"quiet\">nothing was promoted yet</p>" }
        let height = Double(slots.count) * Self.row + 30
        let rows = slots.enumerated().map { row($0.element.slot, $0.element.spans, at: Double($0.offset) * Self.row) }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1010 \(Self.number(height))" role="img" aria-label="what \
            each slot held over time">
            \(rows.joined(separator: "\n"))
            \(axis(at: height - 10))
            </svg>
            """
    }

    private func row(_ slot: Slot, _ spans: [AuditSpan], at top: Double) -> String {
        let name = "<text x=\"0\" y=\"\(Self.number(top + 19))\">\(MarkupText.escaped(slot.description))</text>"
        return ([name] + spans.map { bar($0, at: top) }).joined(separator: "\n")
    }

    private func bar(_ span: AuditSpan, at top: Double) -> String {
        let start = place(span.since)
        let end = span.until.map(place) ?? Self.left + Self.width
        let width = max(end - start, 1.5)
        let generation = span.generation.id
        let isBack = span.move.direction == .rollback
        let label = width < 9 * Double(generation.shortName.count) + 4 ? "" : generation.shortName
        let until = span.until.map { "to \(session.local($0))" } ?? "still there"
        let title = "\(span.generation.id) from \(session.local(span.since)) \(until), \(span.actor.text)"
        return """
            <g><title>\(MarkupText.escaped(title))</title><rect x="\(Self.number(start))" y="\(Self.number(top + 4))" \
            width="\(Self.number(width))" height="22" fill="\(Self.colours[generation.number.value % Self.colours.count])"\
            \(isBack ? " stroke=\"#b3261e\" stroke-width=\"2\"" : "")/>\
            <text class="label" x="\(Self.number(start + 5))" y="\(Self.number(top + 19))">\(label)</text></g>
            """
    }

    /// The beginning, the middle and the present.
    private func axis(at top: Double) -> String {
        let marks: [(Int64, String)] = [(first, "start"), ((first + last) / 2, "middle"), (last, "end")]
        return marks.map { time, anchor in
            let moment = Timestamp(milliseconds: time)
            let text = MarkupText.escaped(String(session.local(moment).prefix(16)))
            return """
                <text class="axis" x="\(Self.number(place(moment)))" y="\(Self.number(top))" \
                text-anchor="\(anchor)">\(text)</text>
                """
        }.joined(separator: "\n")
    }

    private func place(_ time: Timestamp) -> Double {
        Self.left + Self.width * Double(time.milliseconds - first) / Double(last - first)
    }

    /// One decimal is a tenth of a pixel.
    private static func number(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}
