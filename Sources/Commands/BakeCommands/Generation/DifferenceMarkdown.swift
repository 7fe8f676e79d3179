import BakeModel

extension DifferenceReport {
    /// The report as Markdown: a heading, then each part. GitHub Flavored Markdown, which GitLab reads too.
    var markdown: [String] {
        ["### \(MarkdownText.escaped(headline))"]
            + sections.flatMap { section in
                let fence = MarkdownText.fence(around: section.lines)
                return ["", "**\(section.title)**", "", "\(fence)diff"] + section.lines.map(Self.flush) + [fence]
            }
    }

    /// Lines of a hunk stand in from what names their file; coloured are those that begin with their sign.
    private static func flush(_ line: String) -> String { line.hasPrefix("  ") ? String(line.dropFirst(2)) : line }
}

/// Text from outside made fit for Markdown.
enum MarkdownText {
    /// The text with every character escaped that could begin or end something.
    static func escaped(_ text: String) -> String {
        var shown = ""
        for character in text {
            if "\\`*_{}[]<>()#+-.!|~&@".contains(character) { shown.append("\\") }
            shown.append(character)
        }
        return shown
    }

    /// A fence that no line inside ends: one backtick more than the longest run there, at least three.
    static func fence(around lines: [String]) -> String {
        let longest = lines.flatMap { $0.split { $0 != "`" }.map(\.count) }.max() ?? 0
        return String(repeating: "`", count: max(3, longest + 1))
    }
}
