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
        let before = (first > 0 ? "…" : "") + Self.shown(scalars[first..<place])
        text = before + Self.shown(scalars[place..<last]) + (last < scalars.count ? "…" : "")
        caret = String(repeating: " ", count: before.unicodeScalars.reduce(0) { $0 + Self.width($1) }) + "^"
    }

    /// Text from outside with every character that could move a terminal's cursor spelled out.
    static func escaped(_ text: String) -> String { shown(text.unicodeScalars) }

    private static func shown(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in scalars {
            switch scalar.properties.generalCategory {
            case _ where scalar == "\t": shown.append(" ")
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
                shown += "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars
            default: shown.append(scalar)
            }
        }
        return String(shown)
    }

    /// How many columns of a terminal a character takes: 0 for combining marks, 2 for the wide ones of East Asia.
    private static func width(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0x33ff, 0x3400...0x4dbf, 0x4e00...0x9fff, 0xa000...0xa4cf,
            0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6, 0x1f300...0x1faff,
            0x20000...0x3fffd:
            2
        default: [.nonspacingMark, .enclosingMark].contains(scalar.properties.generalCategory) ? 0 : 1
        }
    }
}
