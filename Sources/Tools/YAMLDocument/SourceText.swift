import BakeModel
import Synchronization

/// The text of a file that a person wrote, and its lines as YAML counts them.
public struct SourceText: Sendable {
    /// The file's path, as the person knows it.
    public let file: String
    private let table: LineTable

    /// Takes UTF-8 text.
    public init(file: String, bytes: [UInt8]) {
        self.file = file
        table = LineTable(bytes)
    }

    /// The lines, without their ends. They end where libyaml ends them: LF, CR, CR LF, NEL, LS and PS.
    public var lines: [String] { table.lines }

    /// A fault at a place of this file.
    public func fault(_ message: String, at position: SourcePosition, suggestion: String? = nil) -> SourceFault {
        // libyaml puts the end of the text on a line of its own, also where no line end comes before it.
        let lines = lines
        guard position.line <= lines.count else {
            let end = SourcePosition(line: lines.count, column: (lines.last?.unicodeScalars.count ?? 0) + 1)
            return fault(message, at: end, suggestion: suggestion)
        }
        let text = lines[position.line - 1]
        return SourceFault(file: file, position: position, text: text, message: message, suggestion: suggestion)
    }

    /// The place of the byte at this offset of a file's bytes.
    static func position(of offset: Int, in bytes: [UInt8]) -> SourcePosition {
        let before = SourceText(file: "", bytes: Array(bytes.prefix(offset))).lines
        return SourcePosition(line: before.count, column: (before.last?.unicodeScalars.count ?? 0) + 1)
    }

    /// The offset of the first byte that is no UTF-8; nil where all is well.
    static func firstInvalidByte(of bytes: [UInt8]) -> Int? {
        guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
        var decoder = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var offset = 0
        while case .valid(let scalar) = decoder.parseScalar(from: &iterator) { offset += scalar.count }
        return offset
    }
}

/// The lines of a text, told apart when they are first asked for: a file without a fault is never shown.
private final class LineTable: Sendable {
    private let bytes: [UInt8]
    private let found = Mutex<[String]?>(nil)

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var lines: [String] {
        found.withLock { found in
            if let found { return found }
            let lines = Self.lines(of: bytes)
            found = lines
            return lines
        }
    }

    private static func lines(of bytes: [UInt8]) -> [String] {
        let text = String(decoding: bytes, as: UTF8.self).unicodeScalars
        let scalars = text.contains("\u{feff}") ? text.filter { $0 != "\u{feff}" } : text
        var lines: [String] = []
        var start = scalars.startIndex
        var previous: Unicode.Scalar?
        for index in scalars.indices {
            let scalar = scalars[index]
            if endsLine(scalar) {
                if scalar != "\n" || previous != "\r" { lines.append(String(scalars[start..<index])) }
                start = scalars.index(after: index)
            }
            previous = scalar
        }
        return lines + [String(scalars[start...])]
    }

    /// No set: every character of the file is asked.
    private static func endsLine(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0a, 0x0d, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }
}
