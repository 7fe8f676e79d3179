/// The header lines of an answer as goss shows them.
enum HTTPHeaders {
    /// The lines of the last answer: one that sent elsewhere, or said "continue", came before it.
    static func lines(of received: [UInt8]) -> [String] {
        var lines: [String] = []
        for raw in received.split(separator: UInt8(ascii: "\n")) {
            let line = String(decoding: raw.filter { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
            if line.hasPrefix("HTTP/") {
                lines = []
            } else if let colon = line.firstIndex(of: ":") {
                let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
                lines.append("\(canonical(line[..<colon])): \(value)")
            }
        }
        // Go's client takes this one out: it says how the body travelled, not what it is.
        return lines.filter { !$0.hasPrefix("Transfer-Encoding:") }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The first letter and those after hyphens large, the others small. net/textproto.CanonicalMIMEHeaderKey.
    private static func canonical(_ name: Substring) -> String {
        name.split(separator: "-", omittingEmptySubsequences: false)
            .map { $0.prefix(1).uppercased() + $0.dropFirst().lowercased() }.joined(separator: "-")
    }
}
