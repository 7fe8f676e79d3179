import BakeModel

/// Matches paths against a `PathPattern`, as git's glob pathspecs do (gitglossary(7)), on bytes and in linear time.
///
/// `*` and `?` stay within a part, `**` stands for any number of parts, `[a-z]` and `[!a-z]` are classes, `\` takes
/// the next byte as it is; a file that begins with a dot is like any other. A pattern with wildcards names files; one
/// without names a file, or everything below a directory. Other than in git, `?` and `[!a]` take a whole UTF-8 character.
public struct PathMatcher: Sendable {
    private enum Part {
        case any
        case name(PartPattern)
    }

    private let parts: [Part]
    private let isPlain: Bool
    /// What every path that matches begins with: the parts before the first wildcard.
    let literalPrefix: TreePath

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
        isPlain = !pattern.isGlob
        literalPrefix = Self.literalPrefix(pattern)
    }

    private static func literalPrefix(_ pattern: PathPattern) -> TreePath {
        let special = "*?[\\".utf8
        let parts = pattern.text.utf8.split(separator: UInt8(ascii: "/"))
        let literal = pattern.isGlob ? parts.prefix { $0.allSatisfy { !special.contains($0) } } : parts[...]
        return (try? TreePath(cleaning: Array(literal.joined(separator: "/".utf8)))) ?? .root
    }

    /// Whether the pattern names the path.
    public func matches(_ path: TreePath) -> Bool {
        if parts.isEmpty { return true }
        guard path.relative(to: literalPrefix) != nil else { return false }
        if isPlain, literalPrefix.parts.count == parts.count { return true }
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
            if isPlain, next.contains(parts.count) { return true }
            positions = closure(next)
        }
        return positions.contains(parts.count)
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
