extension YAMLNode {
    /// The node as a YAML document of its own, in one form for each meaning: comments, order-free white space and the
    /// kind of quotes do not change it; keys keep their order.
    public var text: String {
        var lines: [String] = []
        write(indent: 0, lead: "", to: &lines)
        return lines.map { "\($0)\n" }.joined()
    }

    private func write(indent: Int, lead: String, to lines: inout [String]) {
        let space = String(repeating: " ", count: indent)
        switch self {
        case .scalar(let scalar): lines.append(lead + scalar.spelling)
        case .unusable: lines.append("\(lead)null")
        case .sequence(let list) where list.items.isEmpty: lines.append("\(lead)[]")
        case .mapping(let map) where map.members.isEmpty: lines.append("\(lead){}")
        case .sequence(let list):
            if !lead.isEmpty { lines.append(lead.trimmingEnd) }
            for item in list.items { item.write(indent: indent + 2, lead: "\(space)- ", to: &lines) }
        case .mapping(let map):
            if !lead.isEmpty { lines.append(lead.trimmingEnd) }
            for member in map.members {
                member.value.write(indent: indent + 2, lead: "\(space)\(member.key.spelling): ", to: &lines)
            }
        }
    }
}

extension YAMLScalar {
    /// Plain where it was plain and is a plain word, since only a plain scalar can be a number; quoted otherwise.
    fileprivate var spelling: String {
        let letters = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_".utf8)
        let isWord = text.utf8.allSatisfy { letters.contains($0) || "-+./".utf8.contains($0) }
        if isPlain, isNull { return "null" }
        // Words that would begin a list or a document where they stand need quotes.
        let isMark = text == "-" || text.hasPrefix("---") || text.hasPrefix("...")
        if isPlain, isWord, !isMark { return text }
        return "\"\(text.unicodeScalars.map(Self.escape).joined())\""
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"": "\\\""
        case "\\": "\\\\"
        case "\n": "\\n"
        case "\t": "\\t"
        case "\r": "\\r"
        case _ where invisible.contains(scalar.properties.generalCategory): "\\U\(eightDigits(scalar.value))"
        default: String(scalar)
        }
    }
}

extension YAMLScalar {
    private static let invisible: Set<Unicode.GeneralCategory> = [
        .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned,
    ]

    private static func eightDigits(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}

extension String {
    fileprivate var trimmingEnd: String { hasSuffix(" ") ? String(dropLast()) : self }
}
