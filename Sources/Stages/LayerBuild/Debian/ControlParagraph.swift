/// One paragraph of Debian's control format: fields by lower-case name, a long value with its line breaks. apt's sources
/// (deb822), the indexes of packages and what `apt-cache show` prints have it. Source: deb822(5).
struct ControlParagraph: Hashable, Sendable {
    /// The values by lower-case field name.
    let fields: [String: String]

    /// The value of a field, named in lower case.
    subscript(name: String) -> String? { fields[name] }

    /// The words of a field, between white space.
    func words(_ name: String) -> [String] {
        (fields[name] ?? "").split { $0 == " " || $0 == "\t" || $0 == "\n" }.map(String.init)
    }

    /// Reads all paragraphs. Lines that are no field are left out, as apt does.
    static func parse(_ text: String) -> [ControlParagraph] {
        var paragraphs: [ControlParagraph] = []
        var reader = Reader()
        for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) {
                if let paragraph = reader.finish() { paragraphs.append(paragraph) }
            } else if line.first != UInt8(ascii: "#") {
                reader.take(Substring(line))
            }
        }
        if let paragraph = reader.finish() { paragraphs.append(paragraph) }
        return paragraphs
    }

    private struct Reader {
        private var fields: [String: String] = [:]
        private var current: String?

        mutating func take(_ line: Substring) {
            if line.utf8.first == 0x20 || line.utf8.first == 0x09 {
                if let current { fields[current, default: ""] += "\n\(line)" }
            } else if let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) {
                let name = line[..<colon].lowercased()
                let value = line[line.utf8.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
                fields[name] = String(value.reversed().drop { $0 == " " || $0 == "\t" || $0 == "\r" }.reversed())
                current = name
            }
        }

        mutating func finish() -> ControlParagraph? {
            defer { (fields, current) = ([:], nil) }
            return fields.isEmpty ? nil : ControlParagraph(fields: fields)
        }
    }
}
