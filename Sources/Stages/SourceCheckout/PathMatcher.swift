import BakeModel

/// Matches paths against a `PathPattern`, as bytes and in linear time.
///
/// `*` and `?` stay within a part, `**` stands for any number of parts, `[a-z]` and `[!a-z]` are classes, `\` takes
/// the next byte as it is. A file that begins with a dot is like any other. What matches a directory matches everything below it.
public struct PathMatcher: Sendable {
    private enum Part {
        case any
        case name(PartPattern)
    }

    private let parts: [Part]

    /// Reads a pattern; without wildcards every byte of it stands for itself.
    public init(_ pattern: PathPattern) throws(PatternError) {
        var parts: [Part] = []
        for part in pattern.text.utf8.split(separator: UInt8(ascii: "/")) where !part.elementsEqual(".".utf8) {
            guard !part.elementsEqual("..".utf8) else { throw .leavesRoot(pattern.text) }
            if part.elementsEqual("**".utf8) {
                parts.append(.any)
            } else {
                let bytes = Array(part)
                guard let name = pattern.isGlob ? PartPattern(glob: bytes) : PartPattern(literal: bytes) else {
                    throw .unclosedClass(pattern.text)
                }
                parts.append(.name(name))
            }
        }
        self.parts = parts
    }

    /// Whether the pattern matches the path, or a directory above it.
    public func matches(_ path: TreePath) -> Bool {
        if parts.isEmpty { return true }
        // The set of positions in the pattern that the parts so far can have led to.
        var positions: Set<Int> = closure([0])
        for part in path.parts {
            var next: Set<Int> = []
            for position in positions where position < parts.count {
                switch parts[position] {
                case .any: next.formUnion([position, position + 1])
                case .name(let name): if name.matches(part) { next.insert(position + 1) }
                }
            }
            if next.contains(parts.count) { return true }
            positions = closure(next)
        }
        return false
    }

    /// `**` may stand for no part at all, but not at the end: there it is everything below.
    private func closure(_ positions: Set<Int>) -> Set<Int> {
        var all = positions
        for position in 0..<parts.count - 1 where all.contains(position) {
            if case .any = parts[position] { all.insert(position + 1) }
        }
        return all
    }
}

/// A pattern that follows no grammar.
public enum PatternError: ExplainedError, Hashable {
    /// A `[` without its `]`.
    case unclosedClass(String)
    /// A part is `..`.
    case leavesRoot(String)

    public var doing: String { "read the pattern" }

    public var subject: String {
        switch self {
        case .unclosedClass(let text), .leavesRoot(let text): text
        }
    }

    public var reason: String {
        switch self {
        case .unclosedClass: "a '[' has no ']'"
        case .leavesRoot: "'..' would leave the commit"
        }
    }

    public var hint: String? {
        if case .unclosedClass = self { return "write \\[ for the character itself" }
        return nil
    }

    public var exit: ExitCode { .usage }
}
