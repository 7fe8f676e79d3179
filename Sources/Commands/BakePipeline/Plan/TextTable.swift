import BakeModel

/// Rows of text under each other, columns aligned, two spaces between; a column that is empty in every row is left out.
public struct TextTable {
    private var rows: [[String]] = []

    /// Starts without rows.
    public init() {}

    /// Adds a row; its cells are escaped here.
    public mutating func add(_ cells: [String]) { rows.append(cells.map(TerminalText.escaped)) }

    /// The lines, without spaces at their ends.
    public var lines: [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { $0.count > column ? TerminalText.width(of: $0[column]) : 0 }.max() ?? 0
        }
        return rows.map { row in
            let padded = zip(row, widths).filter { $1 > 0 }.map { cell, width in
                cell + String(repeating: " ", count: width - TerminalText.width(of: cell))
            }
            let line = padded.joined(separator: "  ")
            return String(line[..<(line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex)])
        }
    }
}
