/// `$NAME` and `${NAME}` in words, as Go's `os.Expand` reads them.
enum ShellWords {
    /// The text with every name replaced by its value; one without a value is replaced by nothing.
    static func expanded(_ text: String, _ values: [String: String]) -> String {
        var result = ""
        var rest = Substring(text)
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            guard let name = takeName(&rest) else {
                result += "$"
                continue
            }
            result += values[name] ?? ""
        }
        return result + rest
    }

    /// The name behind a dollar; nil where none follows, and the dollar stands for itself.
    private static func takeName(_ rest: inout Substring) -> String? {
        if rest.first == "{" {
            guard let end = rest.firstIndex(of: "}") else {
                // Go takes a brace that is never closed away.
                rest = rest.dropFirst()
                return ""
            }
            let name = rest[rest.index(after: rest.startIndex)..<end]
            rest = rest[rest.index(after: end)...]
            return String(name)
        }
        if let first = rest.first, "*#$@!?-0123456789".contains(first) {
            rest = rest.dropFirst()
            return String(first)
        }
        let name = rest.prefix { $0 == "_" || ($0.isASCII && ($0.isLetter || $0.isNumber)) }
        rest = rest.dropFirst(name.count)
        return name.isEmpty ? nil : String(name)
    }
}
