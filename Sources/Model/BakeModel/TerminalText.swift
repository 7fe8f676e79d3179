/// Text from outside made fit for a terminal or a log.
public enum TerminalText {
    /// The text with every character spelled out that could move a cursor, hide, or reorder what stands around it; a tab
    /// becomes a space. Line ends are spelled out too.
    public static func escaped(_ text: String) -> String {
        // Nearly every text is plain ASCII.
        text.utf8.allSatisfy { (0x20..<0x7f).contains($0) } ? text : escaped(text.unicodeScalars)
    }

    static func escaped(_ scalars: some Sequence<Unicode.Scalar>) -> String {
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

    /// How many columns of a terminal the text takes.
    public static func width(of text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + width(of: $1) }
    }

    /// The longest beginning of a text that fits so many columns; an ellipsis tells that something is missing.
    public static func fitted(_ text: String, to columns: Int) -> String {
        guard width(of: text) > columns else { return text }
        var shown = String.UnicodeScalarView()
        var rest = columns - 1
        for scalar in text.unicodeScalars {
            rest -= width(of: scalar)
            guard rest >= 0 else { break }
            shown.append(scalar)
        }
        return columns > 0 ? String(shown) + "…" : ""
    }

    /// How many columns of a terminal a character takes: 0 for combining marks, 2 for the wide ones of East Asia
    /// (Unicode Standard Annex 11).
    static func width(of scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0x33ff, 0x3400...0x4dbf, 0x4e00...0x9fff, 0xa000...0xa4cf,
            0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6, 0x1f300...0x1faff,
            0x20000...0x3fffd:
            2
        default: [.nonspacingMark, .enclosingMark].contains(scalar.properties.generalCategory) ? 0 : 1
        }
    }
}
