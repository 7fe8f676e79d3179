import BakeModel
import ImageComparison

/// A path that differs, in one line: `changed  /etc/passwd  mode 0644 -> 0600, content +1 -1`.
struct FileChangeLine {
    /// The line, escaped.
    let text: String

    init(_ change: FileChange) {
        let path = TerminalText.escaped("/\(change.path)")
        switch (change.before, change.after) {
        case (nil, let after?): text = "added    \(path)\(Self.note(after))"
        case (let before?, nil): text = "removed  \(path)\(Self.note(before))"
        case (let before?, let after?):
            let aspects = change.aspects.map { Self.text($0, before, after, change) }
            text = "changed  \(path)  \(TerminalText.escaped(aspects.joined(separator: ", ")))"
        default: text = path
        }
    }

    private static func note(_ entry: IndexedEntry) -> String {
        entry.content == nil ? "  \(entry.entry.kind.name)" : "  \(Wording.size(entry.size))"
    }

    private static func text(
        _ aspect: FileChange.Aspect, _ before: IndexedEntry, _ after: IndexedEntry, _ change: FileChange
    ) -> String {
        let old = before.entry
        let new = after.entry
        switch aspect {
        case .kind: return "\(old.kind.name) -> \(new.kind.name)"
        case .mode: return "mode \(octal(old.mode)) -> \(octal(new.mode))"
        case .owner: return "owner \(old.owner.user):\(old.owner.group) -> \(new.owner.user):\(new.owner.group)"
        case .content:
            if let text = change.text { return "content +\(text.added) -\(text.removed)" }
            return "content \(Wording.size(before.size)) -> \(Wording.size(after.size))"
        case .link: return "link \(target(old)) -> \(target(new))"
        case .attributes: return "attributes"
        }
    }

    private static func octal(_ mode: UInt16) -> String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    private static func target(_ entry: TreeEntry) -> String {
        String(decoding: entry.kind.linkTarget ?? [], as: UTF8.self)
    }
}
