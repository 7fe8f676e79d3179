import Glibc

/// Values as Go's `fmt` writes them.
enum GoText {
    /// `%v`: lists as `[a b]`, maps as `map[a:1 b:2]`, nothing as `<no value>`, as templates have it.
    static func text(of value: DataValue, nothing: String = "<no value>") -> String {
        switch value {
        case .null: nothing
        case .bool(let value): String(value)
        case .integer(let value): String(value)
        case .decimal(let value): DataValue.number(value)
        case .text(let text): text
        case .list(let items): "[\(items.map { text(of: $0, nothing: "<nil>") }.joined(separator: " "))]"
        case .map:
            "map[\(value.sortedMembers.map { "\($0.key):\(text(of: $0.value, nothing: "<nil>"))" }.joined(separator: " "))]"
        }
    }

    /// Text for HTML and XML, as Go's `html.EscapeString`.
    static func markup(_ text: String) -> String {
        let names: [Character: String] = ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&#34;", "'": "&#39;"]
        return text.map { names[$0] ?? String($0) }.joined()
    }

    /// Text in double quotes, as Go's `%q`.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case "\r": quoted += "\\r"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\x" + (digits.count == 1 ? "0" : "") + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    /// `printf`: flags, width, precision, and the verbs v s d q t f g e x X o b c.
    static func format(_ format: String, _ values: [DataValue]) throws(TemplateFault) -> String {
        var text = ""
        var rest = Substring(format)
        var values = values[...]
        while let percent = rest.firstIndex(of: "%") {
            text += rest[..<percent]
            rest = rest[rest.index(after: percent)...]
            let flags = rest.prefix { "-+# 0".contains($0) }
            rest = rest.dropFirst(flags.count)
            let width = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(width.count)
            var precision: Int?
            if rest.first == "." {
                let digits = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
                precision = Int(digits) ?? 0
                rest = rest.dropFirst(digits.count + 1)
            }
            guard let verb = rest.popFirst() else { return text + "%!(NOVERB)" }
            guard (Int(width) ?? 0) <= 1000, precision ?? 0 <= 100 else {
                throw TemplateFault("a width of printf is at most 1000, a precision at most 100")
            }
            if verb == "%" {
                text += "%"
                continue
            }
            guard let value = values.popFirst() else {
                text += "%!\(verb)(MISSING)"
                continue
            }
            text += padded(written(value, verb, precision, flags), Int(width) ?? 0, flags, value)
        }
        let extra = values.map { Self.text(of: $0, nothing: "<nil>") }.joined(separator: ", ")
        return text + rest + (values.isEmpty ? "" : "%!(EXTRA \(extra))")
    }

    private static func written(_ value: DataValue, _ verb: Character, _ precision: Int?, _ flags: Substring) -> String
    {
        let plus = flags.contains("+") ? "+" : ""
        switch (verb, value) {
        case ("v", .integer(let number)), ("d", .integer(let number)): return (number < 0 ? "" : plus) + String(number)
        case ("v", _), ("s", .list), ("s", .map), ("d", .list): return text(of: value, nothing: "<nil>")
        case ("s", .text(let text)): return precision.map { String(text.prefix($0)) } ?? text
        case ("q", .text(let text)): return quoted(text)
        case ("t", .bool(let bool)): return String(bool)
        case ("f", .decimal(let number)): return decimal("%.*f", precision ?? 6, number)
        case ("e", .decimal(let number)): return decimal("%.*e", precision ?? 6, number)
        case ("g", .decimal(let number)):
            return precision.map { decimal("%.*g", $0, number) } ?? DataValue.number(number)
        case ("x", .integer(let number)): return String(number, radix: 16)
        case ("X", .integer(let number)): return String(number, radix: 16, uppercase: true)
        case ("o", .integer(let number)): return String(number, radix: 8)
        case ("b", .integer(let number)): return String(number, radix: 2)
        case ("x", .text(let text)): return hexadecimal(Array(text.utf8))
        case ("c", .integer(let number)):
            return UInt32(exactly: number).flatMap(Unicode.Scalar.init).map { String(Character($0)) } ?? "\u{fffd}"
        default: return "%!\(verb)(\(text(of: value, nothing: "<nil>")))"
        }
    }

    private static func decimal(_ format: String, _ precision: Int, _ number: Double) -> String {
        var buffer = [CChar](repeating: 0, count: 512)
        let count = withVaList([Int32(precision), number]) { vsnprintf(&buffer, buffer.count, format, $0) }
        return String(decoding: buffer.prefix(max(0, Int(count))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Two digits a byte.
    static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    private static func padded(_ text: String, _ width: Int, _ flags: Substring, _ value: DataValue) -> String {
        let missing = width - text.unicodeScalars.count
        guard missing > 0 else { return text }
        if flags.contains("-") { return text + String(repeating: " ", count: missing) }
        guard flags.contains("0"), let sign = text.first else { return String(repeating: " ", count: missing) + text }
        let zeros = String(repeating: "0", count: missing)
        return "+-".contains(sign) ? "\(sign)\(zeros)\(text.dropFirst())" : zeros + text
    }
}
