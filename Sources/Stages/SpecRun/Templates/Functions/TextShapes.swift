extension TemplateFunctions {
    /// Sprig's functions that give text another shape.
    static let textShapes: [String: Function] = [
        "title": Function(1) { .text(words(try $0.text(0)) { $0.prefix(1).uppercased() + $0.dropFirst() }) },
        "untitle": Function(1) { .text(words(try $0.text(0)) { $0.prefix(1).lowercased() + $0.dropFirst() }) },
        "nospace": Function(1) { .text(try $0.text(0).filter { !$0.isWhitespace }) },
        "initials": Function(1) { a in
            .text(try a.text(0).split(whereSeparator: \.isWhitespace).map { String($0.prefix(1)) }.joined())
        },
        "indent": Function(2) { .text(try indented($0)) },
        "nindent": Function(2) { .text("\n" + (try indented($0))) },
        "plural": Function(3) { a in .text(try a.integer(2) == 1 ? try a.text(0) : try a.text(1)) },
        "wrap": Function(2) { .text(try wrapped($0, between: "\n", at: 1)) },
        "wrapWith": Function(3) { .text(try wrapped($0, between: try $0.text(1), at: 2)) },
        "abbrev": Function(2) { a in
            let (width, text) = (try a.length(0), try a.text(1))
            return .text(width < 4 || text.count <= width ? text : text.prefix(width - 3) + "...")
        },
        "swapcase": Function(1) { a in
            .text(try a.text(0).map { $0.isUppercase ? $0.lowercased() : $0.uppercased() }.joined())
        },
        "snakecase": Function(1) { .text(parts(of: try $0.text(0)).map { $0.lowercased() }.joined(separator: "_")) },
        "kebabcase": Function(1) { .text(parts(of: try $0.text(0)).map { $0.lowercased() }.joined(separator: "-")) },
        "camelcase": Function(1) { a in
            let words = try a.text(0).split { "_- .".contains($0) }
            return .text(words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined())
        },
    ]

    private static func words(_ text: String, _ change: (Substring) -> String) -> String {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isWhitespace).map(change).joined(separator: " ")
    }

    private static func indented(_ arguments: TemplateArguments) throws -> String {
        let (count, text) = (try arguments.length(0), try arguments.text(1))
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        try TemplateOutput.admit(count * lines.count)
        let space = String(repeating: " ", count: count)
        return lines.map { space + $0 }.joined(separator: "\n")
    }

    private static func wrapped(_ arguments: TemplateArguments, between end: String, at index: Int) throws -> String {
        let width = try arguments.length(0)
        let words = try arguments.text(index).split(whereSeparator: \.isWhitespace)
        try TemplateOutput.admit(words.count * end.utf8.count)
        var text = ""
        // Of the last line: to count it for each of its words would take the square of its length.
        var length = 0
        for word in words {
            let count = word.count
            let fits = length + 1 + count <= width
            if !text.isEmpty { text += fits ? " " : end }
            text += word
            length = fits && length > 0 ? length + 1 + count : count
        }
        return text
    }

    /// `HTTPServer_name` has the parts HTTP, Server and name.
    private static func parts(of text: String) -> [String] {
        var parts: [String] = [""]
        let characters = Array(text)
        for (index, character) in characters.enumerated() {
            if "_- .".contains(character) {
                parts.append("")
                continue
            }
            let follows = index > 0 && (characters[index - 1].isLowercase || characters[index - 1].isNumber)
            let leads =
                characters[safely: index + 1]?.isLowercase == true && index > 0 && characters[index - 1].isUppercase
            if character.isUppercase, follows || leads { parts.append("") }
            parts[parts.count - 1].append(character)
        }
        return parts.filter { !$0.isEmpty }
    }
}
