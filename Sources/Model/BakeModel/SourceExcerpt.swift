/// A line of a file made fit to be shown, and a caret that stands below one of its columns.
struct SourceExcerpt {
    /// The line, escaped, and cut around the column where it is long.
    let text: String
    /// Spaces, then `^`.
    let caret: String

    private static let widest = 100

    init(of line: String, column: Int) {
        let scalars = Array(line.unicodeScalars)
        let place = min(max(column - 1, 0), scalars.count)
        let first = place < Self.widest ? 0 : place - Self.widest / 2
        let last = min(scalars.count, first + Self.widest)
        let before = (first > 0 ? "…" : "") + TerminalText.escaped(scalars[first..<place])
        text = before + TerminalText.escaped(scalars[place..<last]) + (last < scalars.count ? "…" : "")
        caret = String(repeating: " ", count: TerminalText.width(of: before)) + "^"
    }
}
