import BakeModel
import BakePipeline
import ImageComparison

/// A comparison for people: a headline and a section for each thing that differs.
struct DifferenceReport {
    let difference: GenerationDifference
    let hasLines: Bool

    /// One part of the report: its heading, and its lines, escaped.
    struct Section {
        let title: String
        let lines: [String]
    }

    /// `web@41 -> web@42   1 commit, 0 packages, 2 files (+1 -1 lines), image +312 B`.
    var headline: String {
        let titles = "\(difference.old.title) -> \(difference.new.title)"
        return TerminalText.escaped("\(titles)   \(difference.isDifferent ? counts : "no difference")")
    }

    /// The whole report.
    var lines: [String] {
        [headline] + sections.flatMap { section in [section.title] + section.lines.map { "  \($0)" } }
    }

    /// `1 commit, 0 packages, 2 files (+1 -1 lines), image +312 B`.
    var counts: String {
        var parts: [String] = []
        if let commits = difference.commits {
            let gone = commits.removed.count
            parts.append(Self.count(commits.added.count, "commit") + (gone > 0 ? " and \(gone) fewer" : ""))
        }
        if !difference.isPartial { parts.append(Self.count(difference.root.packages.count, "package")) }
        let (added, removed) = difference.lines
        let lines = hasLines && added + removed > 0 ? " (+\(added) -\(removed) lines)" : ""
        parts.append(Self.count(difference.root.files.count, "file") + lines)
        if !difference.settings.isEmpty { parts.append(Self.count(difference.settings.count, "setting")) }
        if !difference.isPartial, let old = difference.old.image, let new = difference.new.image {
            let sign = new.size < old.size ? "-" : "+"
            parts.append(
                "image \(sign)\(Wording.size(new.size < old.size ? old.size - new.size : new.size - old.size))")
        }
        return parts.joined(separator: ", ")
    }

    private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    /// The parts that say something.
    var sections: [Section] {
        if difference.isPartial { return [files].filter { !$0.lines.isEmpty } }
        return [
            Section(title: "commits", lines: commits), Section(title: "packages", lines: packages),
            files, Section(title: "config", lines: settings), Section(title: "verdict", lines: verdict),
            Section(title: "size", lines: size),
        ].filter { !$0.lines.isEmpty }
    }

    private var files: Section { Section(title: "files", lines: difference.root.files.flatMap(lines)) }

    private var commits: [String] {
        guard let old = difference.old.record, let new = difference.new.record else { return [] }
        guard let between = difference.commits else {
            // Without their repository only the two ends are known.
            return ["from \(Self.text(old.commit))", "to \(Self.text(new.commit))"]
        }
        return between.added.map(Self.text) + between.removed.map { "no more: \(Self.text($0))" }
    }

    private static func text(_ commit: CommitFacts) -> String {
        TerminalText.escaped("\(commit.id.short) \(commit.author) \"\(commit.summary)\"")
    }

    private var packages: [String] {
        var table = TextTable()
        for change in difference.root.packages {
            table.add([change.name, "\(change.before ?? "none") -> \(change.after ?? "none")"])
        }
        return table.lines
    }

    private var settings: [String] {
        difference.settings.map {
            TerminalText.escaped("\($0.name)  \($0.before?.canonical ?? "none") -> \($0.after?.canonical ?? "none")")
        }
    }

    private var verdict: [String] {
        guard let old = difference.old.record, let new = difference.new.record else { return [] }
        let texts = [old, new].map { $0.verdict?.text ?? "none" }
        return texts[0] == texts[1] ? [] : ["\(texts[0]) -> \(texts[1])"]
    }

    private var size: [String] {
        guard difference.isDifferent, let old = difference.old.image, let new = difference.new.image,
            let bytes = difference.layerBytes
        else { return [] }
        return [
            "\(Wording.size(old.size)) -> \(Wording.size(new.size)): layers shared \(Wording.size(bytes.shared)),"
                + " new \(Wording.size(bytes.new))"
        ]
    }

    private func lines(_ change: FileChange) -> [String] {
        let line = "\(FileChangeLine(change).text)"
        guard hasLines, change.before != nil, change.after != nil, let text = change.text else { return [line] }
        return [line] + text.hunks.map { "  \(TerminalText.escaped(String(decoding: $0, as: UTF8.self)))" }
    }
}
