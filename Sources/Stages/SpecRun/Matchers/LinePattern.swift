/// One item of `have-patterns`: `foo`, `!foo`, `/re/ims`, `!/re/`.
struct LinePattern: Hashable, Sendable {
    /// The item as written.
    let text: String
    /// Whether no line may match.
    let isNegated: Bool
    /// What a line is searched for.
    let search: Search

    enum Search: Hashable, Sendable {
        /// These bytes anywhere in the line.
        case substring([UInt8])
        /// This expression, with its flags in front.
        case expression(String)
    }

    /// Reads an item. Whether an expression compiles is not looked at here.
    init(_ text: String) {
        self.text = text
        isNegated = text.utf8.first == UInt8(ascii: "!")
        let core = isNegated ? text.utf8.dropFirst() : text.utf8[...]
        search = Self.expression(in: Array(core)).map(Search.expression) ?? .substring(Self.plain(Array(text.utf8)))
    }

    /// Whether input without any line satisfies it.
    var acceptsNothing: Bool { isNegated || text.isEmpty }

    /// `/re/flags` where the flags are some of `ims`; nil for plain text.
    private static func expression(in core: [UInt8]) -> String? {
        let slash = UInt8(ascii: "/")
        guard core.first == slash, let closing = core.lastIndex(of: slash), closing > 0 else { return nil }
        let flags = core[(closing + 1)...]
        guard flags.allSatisfy({ "ims".utf8.contains($0) }) else { return nil }
        let pattern = String(decoding: core[1..<closing], as: UTF8.self)
        return flags.isEmpty ? pattern : "(?\(String(decoding: flags, as: UTF8.self)))\(pattern)"
    }

    /// Plain text loses every leading `\`, `/` and `!`: the first of them may escape what follows.
    private static func plain(_ text: [UInt8]) -> [UInt8] {
        Array(text.drop { #"\/!"#.utf8.contains($0) })
    }
}
