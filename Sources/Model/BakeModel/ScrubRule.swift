/// One thing that is done to a fresh root so that it holds nothing of the machine and the moment that made it. A path that
/// is not there is fine for every rule, and no rule follows a symbolic link.
public enum ScrubRule: Hashable, Sendable {
    /// The file, link or directory goes, with everything below it.
    case remove(TreePath)
    /// The directory stays and everything below it goes.
    case removeContents(TreePath)
    /// The names in the directory that match the pattern go. `*` is any bytes; everything else is itself.
    case removeMatching(TreePath, pattern: String)
    /// The symbolic links in the directory that point to just this go.
    case removeLinks(TreePath, target: String)
    /// The file stays, without bytes; its owner and mode are kept.
    case empty(TreePath)
    /// Every regular file below the directory stays, without bytes.
    case emptyFiles(TreePath)
    /// A file of user and group 0 with this text takes the place of whatever is there. Its directory must be there.
    case write(TreePath, text: String, mode: UInt16)

    /// Whether a name fits a pattern of `removeMatching`, byte by byte.
    public static func matches(_ name: some Collection<UInt8>, _ pattern: some StringProtocol) -> Bool {
        let parts = pattern.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).map(Array.init)
        var rest = Array(name)[...]
        guard let first = parts.first, let last = parts.last, rest.starts(with: first) else { return false }
        guard parts.count > 1 else { return rest.count == first.count }
        rest = rest.dropFirst(first.count)
        for part in parts.dropFirst().dropLast() {
            guard let start = firstIndex(of: part, in: rest) else { return false }
            rest = rest[(start + part.count)...]
        }
        return rest.count >= last.count && rest.suffix(last.count).elementsEqual(last)
    }

    private static func firstIndex(of part: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= part.count else { return nil }
        return (bytes.startIndex...(bytes.endIndex - part.count)).first { bytes[$0...].starts(with: part) }
    }
}

extension ScrubRule {
    /// The rule as it crosses a process border. The paths of rules are text, by construction of those that make them.
    public var json: JSON {
        switch self {
        case .remove(let path): Self.record("remove", path)
        case .removeContents(let path): Self.record("remove contents", path)
        case .removeMatching(let path, let pattern): Self.record("remove matching", path, text: pattern)
        case .removeLinks(let path, let target): Self.record("remove links", path, text: target)
        case .empty(let path): Self.record("empty", path)
        case .emptyFiles(let path): Self.record("empty files", path)
        case .write(let path, let text, let mode): Self.record("write", path, text: text, mode: mode)
        }
    }

    /// Reads what `json` wrote; nil for everything else.
    public init?(_ json: JSON) {
        guard let text = json["path"]?.string, let path = try? TreePath(cleaning: text) else { return nil }
        let mode = json["mode"]?.number.flatMap(UInt16.init(exactly:))
        switch (json["rule"]?.string, json["text"]?.string, mode) {
        case ("remove", nil, nil): self = .remove(path)
        case ("remove contents", nil, nil): self = .removeContents(path)
        case ("remove matching", let pattern?, nil): self = .removeMatching(path, pattern: pattern)
        case ("remove links", let target?, nil): self = .removeLinks(path, target: target)
        case ("empty", nil, nil): self = .empty(path)
        case ("empty files", nil, nil): self = .emptyFiles(path)
        case ("write", let text?, let mode?): self = .write(path, text: text, mode: mode)
        default: return nil
        }
    }

    private static func record(_ rule: String, _ path: TreePath, text: String? = nil, mode: UInt16? = nil) -> JSON {
        .record([
            "rule": .string(rule), "path": .string(path.description), "text": text.map(JSON.string),
            "mode": mode.map { .number(Int64($0)) },
        ])
    }
}
