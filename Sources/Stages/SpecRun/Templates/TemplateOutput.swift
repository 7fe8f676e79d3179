import BakeModel

/// A filled-in template, and where each part of it comes from.
struct TemplateOutput {
    /// The text.
    private(set) var text: [UInt8] = []
    private var pieces: [Piece] = []
    /// The most that a template may become, in bytes: what a YAML file may hold.
    static let longest = 1 << 20

    private struct Piece {
        /// Where it begins in the output, in bytes.
        let start: Int
        /// Where it comes from, in the template's scalars.
        let offset: Int
        /// Whether it is the template's own text, scalar by scalar.
        let isLiteral: Bool
    }

    /// - Throws: where a text of so many bytes is longer than a template may become.
    static func admit(_ count: Int) throws(TemplateFault) {
        guard count <= longest else { throw TemplateFault("the text becomes longer than \(longest) bytes") }
    }

    /// Adds text from a place of the template.
    mutating func append(_ added: String, from offset: Int, isLiteral: Bool) throws(TemplateFault) {
        guard text.count + added.utf8.count <= Self.longest else {
            throw TemplateFault("the text becomes longer than \(Self.longest) bytes", at: offset)
        }
        pieces.append(Piece(start: text.count, offset: offset, isLiteral: isLiteral))
        text += added.utf8
    }

    /// The place in the template, in scalars, from which a byte of the text comes.
    func origin(of byte: Int) -> Int {
        guard let piece = pieces.last(where: { $0.start <= byte }) else { return 0 }
        guard piece.isLiteral else { return piece.offset }
        return piece.offset
            + String(decoding: text[piece.start..<max(piece.start, byte)], as: UTF8.self).unicodeScalars.count
    }

    /// The place of a byte at this line and column of the text.
    func byte(at position: SourcePosition) -> Int {
        var offset = 0
        for _ in 1..<max(1, position.line) {
            guard let end = text[offset...].firstIndex(of: UInt8(ascii: "\n")) else { return text.count }
            offset = end + 1
        }
        let line = String(decoding: text[offset...].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        return offset + String(line.unicodeScalars.prefix(position.column - 1)).utf8.count
    }
}
