/// Constants of Go, as they stand in templates.
enum TemplateLiteral {
    /// `"text"` with Go's escapes. `position` is at the first quote, and behind the last one afterwards.
    static func quoted(_ scalars: [Unicode.Scalar], _ position: inout Int) throws(TemplateFault) -> String {
        let start = position
        var text = String.UnicodeScalarView()
        position += 1
        while let scalar = scalars[safely: position], scalar != "\n" {
            position += 1
            if scalar == "\"" { return String(text) }
            text.append(scalar == "\\" ? try escape(scalars, &position) : scalar)
        }
        throw TemplateFault("this text has no closing quote", at: start)
    }

    /// Text between backquotes, where nothing has a meaning.
    static func raw(_ scalars: [Unicode.Scalar], _ position: inout Int) throws(TemplateFault) -> String {
        let start = position
        guard let end = scalars[(start + 1)...].firstIndex(of: "`") else {
            throw TemplateFault("this text has no closing backquote", at: start)
        }
        position = end + 1
        return String(String.UnicodeScalarView(scalars[(start + 1)..<end]))
    }

    /// `'a'`, which is a number.
    static func character(_ scalars: [Unicode.Scalar], _ position: inout Int) throws(TemplateFault) -> Int64 {
        let start = position
        position += 1
        if var scalar = scalars[safely: position] {
            position += 1
            if scalar == "\\" { scalar = try escape(scalars, &position) }
            if scalars[safely: position] == "'" {
                position += 1
                return Int64(scalar.value)
            }
        }
        throw TemplateFault("a character stands between two single quotes", at: start)
    }

    private static let escapes: [Unicode.Scalar: Unicode.Scalar] = [
        "n": "\n", "t": "\t", "r": "\r", "\\": "\\", "\"": "\"", "'": "'", "a": "\u{7}", "b": "\u{8}", "f": "\u{c}",
        "v": "\u{b}",
    ]

    private static func escape(
        _ scalars: [Unicode.Scalar], _ position: inout Int
    ) throws(TemplateFault) -> Unicode.Scalar {
        let start = position - 1
        if let letter = scalars[safely: position] {
            position += 1
            if let plain = escapes[letter] { return plain }
            if let length = ["x": 2, "u": 4, "U": 8][letter] {
                let digits = String(String.UnicodeScalarView(scalars[position...].prefix(length)))
                position += digits.unicodeScalars.count
                if digits.utf8.count == length, let number = UInt32(digits, radix: 16),
                    let scalar = Unicode.Scalar(number)
                {
                    return scalar
                }
            }
        }
        throw TemplateFault("there is no such escape", at: start, suggestion: "write \\\\ for a backslash")
    }

    /// A whole number (`10`, `0x1f`, `0o17`, `017`, `0b1`, `1_000`) or a fraction.
    static func number(_ text: String) -> DataValue? {
        let digits = text.replacing("_", with: "")
        let sign = digits.hasPrefix("-") ? "-" : ""
        let bare = digits.drop { $0 == "-" || $0 == "+" }.lowercased()
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where bare.hasPrefix(prefix) {
            return Int64(sign + bare.dropFirst(2), radix: radix).map(DataValue.integer)
        }
        if bare.count > 1, bare.hasPrefix("0"), let octal = Int64(sign + bare, radix: 8) { return .integer(octal) }
        guard bare.allSatisfy({ $0.isASCII && ($0.isNumber || ".e+-".contains($0)) }) else { return nil }
        return Int64(sign + bare).map(DataValue.integer) ?? Double(sign + bare).map(DataValue.decimal)
    }
}
