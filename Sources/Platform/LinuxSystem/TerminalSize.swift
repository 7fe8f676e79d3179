import CLinux

/// How many letters fit a terminal now. ioctl_tty(2), TIOCGWINSZ.
public struct TerminalSize: Hashable, Sendable {
    /// Letters in a row.
    public let columns: Int
    /// Rows.
    public let rows: Int

    /// Describes a size.
    public init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }

    /// The size of the terminal behind a descriptor; nil where it is none, or one that does not know.
    public init?(of descriptor: Int32) {
        var (columns, rows): (Int32, Int32) = (0, 0)
        guard clinux_window_size(descriptor, &columns, &rows) == 0, columns > 0, rows > 0 else { return nil }
        self.init(columns: Int(columns), rows: Int(rows))
    }
}
