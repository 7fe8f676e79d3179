extension TemplateFunctions {
    /// Sprig's functions of text that cut, search and put together.
    static let texts: [String: Function] = [
        "upper": Function(1) { .text(try $0.text(0).uppercased()) },
        "lower": Function(1) { .text(try $0.text(0).lowercased()) },
        // goss's names of the same.
        "toUpper": Function(1) { .text(try $0.text(0).uppercased()) },
        "toLower": Function(1) { .text(try $0.text(0).lowercased()) },
        "trim": Function(1) { .text(trimmed(try $0.text(0)) { $0.properties.isWhitespace }) },
        "trimAll": Function(2) { a in
            let set = Set(try a.text(0).unicodeScalars)
            return .text(trimmed(try a.text(1)) { set.contains($0) })
        },
        "trimall": Function(2) { a in
            let set = Set(try a.text(0).unicodeScalars)
            return .text(trimmed(try a.text(1)) { set.contains($0) })
        },
        "trimPrefix": Function(2) { a in
            let (prefix, text) = (try a.text(0), try a.text(1))
            return .text(text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text)
        },
        "trimSuffix": Function(2) { a in
            let (suffix, text) = (try a.text(0), try a.text(1))
            return .text(text.hasSuffix(suffix) ? String(text.dropLast(suffix.count)) : text)
        },
        "contains": Function(2) { .bool(Array(try $0.text(1).utf8).containsSequence(Array(try $0.text(0).utf8))) },
        "hasPrefix": Function(2) { .bool(try $0.text(1).utf8.starts(with: try $0.text(0).utf8)) },
        "hasSuffix": Function(2) { .bool(try $0.text(1).utf8.reversed().starts(with: try $0.text(0).utf8.reversed())) },
        "quote": Function(0...Function.many) { a in .text(each(a) { GoText.quoted($0) }) },
        "squote": Function(0...Function.many) { a in .text(each(a) { "'\($0)'" }) },
        "cat": Function(0...Function.many) { a in .text(each(a) { $0 }) },
        "replace": Function(3) { .text(try replaced($0)) },
        "repeat": Function(2) { a in
            let (count, text) = (try a.length(0), try a.text(1))
            try TemplateOutput.admit(count * text.utf8.count)
            return .text(String(repeating: text, count: count))
        },
        "substr": Function(3) { a in
            let (start, end, bytes) = (try a.integer(0), try a.integer(1), Array(try a.text(2).utf8))
            let last = end < 0 || end > bytes.count ? bytes.count : end
            return .text(String(decoding: bytes[min(max(0, start), last)..<last], as: UTF8.self))
        },
        "trunc": Function(2) { a in
            let (count, bytes) = (try a.integer(0), Array(try a.text(1).utf8))
            let part = count < 0 ? bytes.suffix(count == Int.min ? 0 : -count) : bytes.prefix(count)
            return .text(String(decoding: part, as: UTF8.self))
        },
        "split": Function(2) { a in
            let parts = pieces(of: try a.text(1), by: try a.text(0))
            return .map(Dictionary(parts.enumerated().map { ("_\($0.offset)", .text($0.element)) }) { $1 })
        },
        "splitn": Function(3) { a in
            let parts = pieces(of: try a.text(2), by: try a.text(0), most: try a.length(1))
            return .map(Dictionary(parts.enumerated().map { ("_\($0.offset)", .text($0.element)) }) { $1 })
        },
        "splitList": Function(2) { a in
            .list(pieces(of: try a.text(1), by: try a.text(0)).map(DataValue.text))
        },
        "join": Function(2) { a in .text(try joined(texts(in: a[1]), try a.text(0))) },
        "toStrings": Function(1) { .list(texts(in: $0[0]).map(DataValue.text)) },
        "toString": Function(1) { .text($0.anyText(0)) },
    ]

    /// Each value but nothing as text, with spaces between.
    private static func each(_ arguments: TemplateArguments, _ write: (String) -> String) -> String {
        arguments.values.filter { $0 != .null }.map { write($0.sprigText) }.joined(separator: " ")
    }

    /// A list's items as text without nothing; anything else is a list of itself.
    static func texts(in value: DataValue) -> [String] {
        switch value {
        case .list(let items): items.filter { $0 != .null }.map(\.sprigText)
        case .null: []
        default: [value.sprigText]
        }
    }

    /// The length is known before the text is made.
    private static func joined(_ texts: [String], _ separator: String) throws(TemplateFault) -> String {
        let own = texts.reduce(0) { $0 + $1.utf8.count }
        try TemplateOutput.admit(own + separator.utf8.count * max(0, texts.count - 1))
        return texts.joined(separator: separator)
    }

    private static func replaced(_ arguments: TemplateArguments) throws(TemplateFault) -> String {
        let (old, new, text) = (try arguments.text(0), try arguments.text(1), try arguments.text(2))
        let count = old.isEmpty ? text.count + 1 : text.ranges(of: old).count
        try TemplateOutput.admit(text.utf8.count + count * (new.utf8.count - old.utf8.count))
        return text.replacing(old, with: new)
    }

    private static func trimmed(_ text: String, _ isCut: (Unicode.Scalar) -> Bool) -> String {
        var scalars = text.unicodeScalars[...]
        while let last = scalars.last, isCut(last) { scalars.removeLast() }
        return String(scalars.drop(while: isCut))
    }

    /// The parts between separators; an empty separator parts characters. strings.SplitN.
    static func pieces(of text: String, by separator: String, most: Int = .max) -> [String] {
        if most == 0 { return [] }
        if separator.isEmpty { return text.unicodeScalars.map { String(Character($0)) } }
        var pieces: [String] = []
        var rest = Substring(text)
        while pieces.count < most - 1, let range = rest.firstRange(of: separator) {
            pieces.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return pieces + [String(rest)]
    }
}
