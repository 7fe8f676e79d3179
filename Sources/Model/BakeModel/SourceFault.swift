/// A place in a text file, as editors count: both from 1, columns in Unicode scalars.
public struct SourcePosition: Hashable, Sendable, Comparable {
    /// The line.
    public let line: Int
    /// The column.
    public let column: Int

    /// The beginning of a file.
    public static let start = SourcePosition(line: 1, column: 1)

    /// Names a place.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    public static func < (left: SourcePosition, right: SourcePosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// One thing that is wrong with a file that a person wrote, and where.
public struct SourceFault: Hashable, Sendable {
    /// The file's path, as the person knows it.
    public let file: String
    /// Where the fault begins.
    public let position: SourcePosition
    /// The whole line, without its end.
    public let text: String
    /// What is wrong, as a clause without a full stop.
    public let message: String
    /// What to write instead, where that is known: `did you mean "packages"?`.
    public let suggestion: String?

    /// Describes a fault.
    public init(file: String, position: SourcePosition, text: String, message: String, suggestion: String? = nil) {
        self.file = file
        self.position = position
        self.text = text
        self.message = message
        self.suggestion = suggestion
    }

    /// The line of the file, from 1.
    public var line: Int { position.line }
    /// The column in that line, from 1, in Unicode scalars.
    public var column: Int { position.column }

    /// What a person reads: file:line:column and the message, the line itself, a caret below the place, the
    /// suggestion. Everything from the file is escaped, so the text may be printed as it is.
    public var report: String {
        var lines = ["\(TerminalText.escaped(file)):\(line):\(column): \(TerminalText.escaped(message))"]
        let excerpt = SourceExcerpt(of: text, column: column)
        if !excerpt.text.isEmpty { lines += ["  \(excerpt.text)", "  \(excerpt.caret)"] }
        if let suggestion { lines.append("  \(TerminalText.escaped(suggestion))") }
        return lines.joined(separator: "\n")
    }
}

/// Everything that is wrong with one file, in the order of the file.
public struct SourceFaults: ExplainedError, Hashable {
    /// The file's path, as the person knows it.
    public let file: String
    /// The faults; never empty.
    public let faults: [SourceFault]

    /// Collects faults; nil where there are none.
    public init?(_ faults: [SourceFault]) {
        guard let first = faults.first else { return nil }
        file = first.file
        self.faults = Self.inOrder(faults)
    }

    /// A file with one fault.
    public init(_ fault: SourceFault) {
        file = fault.file
        faults = [fault]
    }

    public var doing: String { "read" }
    public var subject: String { file }
    /// How many faults there are, then the report of each on lines of its own.
    public var reason: String {
        let count = faults.count == 1 ? "1 fault" : "\(faults.count) faults"
        return "\(count)\n\(report)"
    }
    public var exit: ExitCode { .usage }

    /// The report of every fault, one below the other. Already escaped; its line ends are meant.
    public var report: String { faults.map(\.report).joined(separator: "\n") }

    private static func inOrder(_ faults: [SourceFault]) -> [SourceFault] {
        let numbered = faults.enumerated().sorted {
            ($0.element.position, $0.offset) < ($1.element.position, $1.offset)
        }
        return numbered.map(\.element)
    }
}
