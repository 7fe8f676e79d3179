/// A file of variables as godotenv reads it, which container-structure-test uses: `NAME=value` or `NAME: value` a line, with
/// `export` before and a comment behind; quotes, in which a value may have lines; and `$NAME`, of capital letters.
struct EnvironmentFile {
    /// What it sets, by name.
    private(set) var variables: [String: String] = [:]
    private let known: [String: String]
    private typealias Text = ArraySlice<Unicode.Scalar>

    /// What is wrong with it.
    struct Fault: Error, Hashable {
        let reason: String
    }

    /// - Parameter known: what `$NAME` stands for where the file does not say.
    init(parsing text: String, known: [String: String]) throws(Fault) {
        self.known = known
        var rest = Array(text.unicodeScalars)[...].replacing("---\n", with: "\n").replacing("\r\n", with: "\n")
        while let start = Self.statement(in: rest) {
            let name = try Self.takeName(of: start, &rest)
            let value = try takeValue(&rest)
            // Empty ones are as good as absent, to container-structure-test.
            if !name.isEmpty { variables[name] = value.isEmpty ? nil : value }
        }
    }

    /// From the first letter that is no white space and in no comment.
    private static func statement(in text: Text) -> Text? {
        var rest = text.drop(while: \.properties.isWhitespace)
        while rest.first == "#" { rest = rest.drop { $0 != "\n" }.drop(while: \.properties.isWhitespace) }
        return rest.isEmpty ? nil : rest
    }

    private static func takeName(of statement: Text, _ rest: inout Text) throws(Fault) -> String {
        var source = statement
        if source.starts(with: "export".unicodeScalars), source.dropFirst(6).first.map(isSpace) == true {
            source = source.dropFirst(6).drop(while: isSpace)
        }
        guard let end = source.firstIndex(where: { !isSpace($0) && !isOfName($0) }) else {
            rest = source
            return ""
        }
        guard "=:".unicodeScalars.contains(source[end]) else {
            let shown = source[end] == "\n" ? "the end of its line" : "\"\(source[end])\""
            throw Fault(reason: "\(shown) follows the name \"\(string(source[..<end]))\"")
        }
        rest = source[(end + 1)...].drop(while: isSpace)
        return string(trimmed(source[..<end]))
    }

    private func takeValue(_ rest: inout Text) throws(Fault) -> String {
        guard let quote = rest.first, quote == "'" || quote == "\"" else { return takePlainValue(&rest) }
        var end = rest.startIndex + 1
        while end < rest.endIndex, rest[end] != quote || rest[end - 1] == "\\" { end += 1 }
        guard end < rest.endIndex else {
            throw Fault(reason: "a quote is not closed: \(Self.string(rest.prefix { $0 != "\n" }))")
        }
        let value = Text(rest[..<end].drop { $0 == quote }.reversed().drop { $0 == quote }.reversed())
        rest = rest[(end + 1)...]
        return Self.string(quote == "'" ? value : expanded(Self.unescaped(value)))
    }

    private func takePlainValue(_ rest: inout Text) -> String {
        var line = rest.prefix { $0 != "\n" && $0 != "\r" }
        rest = rest[line.endIndex...]
        let comment = line.indices.dropFirst().last { line[$0] == "#" && Self.isSpace(line[$0 - 1]) }
        if let comment { line = line[..<comment] }
        return Self.string(expanded(Self.trimmed(line)))
    }

    /// `\n` and `\r` are what they say, and any other letter itself but a dollar, which keeps its backslash for now.
    private static func unescaped(_ text: Text) -> Text {
        var result: Text = []
        var rest = text
        while let letter = rest.popFirst() {
            guard letter == "\\", let next = rest.first, next != "$" else {
                result.append(letter)
                continue
            }
            rest = rest.dropFirst()
            result.append(next == "n" ? "\n" : next == "r" ? "\r" : next)
        }
        return result
    }

    private func expanded(_ text: Text) -> Text {
        var result: Text = []
        var rest = text
        while let letter = rest.popFirst() {
            if letter == "\\", rest.first == "$" {
                result.append("$")
                rest = rest.dropFirst()
            } else if letter == "$" {
                result += takeReference(&rest)
            } else {
                result.append(letter)
            }
        }
        return result
    }

    /// What a dollar and the name behind it stand for.
    private func takeReference(_ rest: inout Text) -> Text {
        var source = rest
        if source.first == "(" { source = source.dropFirst() }
        if source.first == "{" { source = source.dropFirst() }
        let name = source.prefix { $0 == "_" || ("A"..."Z").contains($0) || ("0"..."9").contains($0) }
        guard !name.isEmpty else { return ["$"] }
        source = source[name.endIndex...]
        if source.first == "}" { source = source.dropFirst() }
        rest = source
        let text = Self.string(name)
        return Array((variables[text] ?? known[text] ?? "").unicodeScalars)[...]
    }

    private static func string(_ text: Text) -> String { String(String.UnicodeScalarView(text)) }

    private static func trimmed(_ text: Text) -> Text {
        let end = text.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? text.startIndex
        return text[..<end].drop(while: isSpace)
    }

    private static func isSpace(_ letter: Unicode.Scalar) -> Bool {
        letter.properties.isWhitespace && letter != "\n"
    }

    private static func isOfName(_ letter: Unicode.Scalar) -> Bool {
        letter == "_" || letter == "." || letter.properties.isAlphabetic || letter.properties.numericType != nil
    }
}

extension ArraySlice<Unicode.Scalar> {
    fileprivate func replacing(_ part: String, with other: String) -> Self {
        Array(Array(self).replacing(Array(part.unicodeScalars), with: Array(other.unicodeScalars)))[...]
    }
}
