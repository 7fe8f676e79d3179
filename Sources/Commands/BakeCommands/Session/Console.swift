import BakeModel
import Foundation
import Glibc
import LinuxSystem

/// Where results (standard output) and words for people (standard error) go. Text from outside is escaped by the one who
/// prints it.
struct Console: Sendable {
    /// Whether words for people may be coloured and drawn over.
    let isInteractive: Bool
    /// Whether only the result is wanted.
    let isQuiet: Bool

    init(isQuiet: Bool, environment: [String: String]) {
        self.isQuiet = isQuiet
        isInteractive = isatty(2) == 1 && environment["NO_COLOR"] == nil && environment["TERM"] != "dumb"
    }

    /// Prints a line of the result.
    func result(_ line: String) { Self.write(line + "\n", to: 1) }

    /// Prints text of the result as it is.
    func verbatim(_ text: String) { Self.write(text, to: 1) }

    /// Prints bytes of the result as they are.
    func bytes(_ bytes: [UInt8]) { Self.write(bytes, to: 1) }

    /// Prints a document as one line of JSON.
    func document(_ json: JSON) { result(json.canonical) }

    /// Prints a line for people, unless only the result is wanted.
    func note(_ line: String) { if !isQuiet { Self.write(line + "\n", to: 2) } }

    /// Writes to the terminal of standard error as it is, control sequences among it.
    func draw(_ text: String) { Self.write(text, to: 2) }

    /// Prints a line that must be seen.
    func complain(_ line: String) { Self.write(line + "\n", to: 2) }

    /// A pipe that nobody reads any more ends the program quietly, as in every other tool.
    private static func write(_ text: String, to number: Int32) { write(Array(text.utf8), to: number) }

    private static func write(_ bytes: [UInt8], to number: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(number, $0.baseAddress, $0.count) }
            if count > 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return }
        }
    }
}

/// Durations and sizes as people read them.
enum Wording {
    /// `2h14m`, `6d`, `12s`.
    static func age(milliseconds: Int64) -> String {
        let seconds = max(0, milliseconds / 1000)
        switch seconds {
        case ..<60: return "\(seconds)s"
        case ..<3600: return "\(seconds / 60)m"
        case ..<86_400:
            let minutes = seconds / 60 % 60
            return "\(seconds / 3600)h" + (minutes == 0 ? "" : "\(minutes)m")
        default: return "\(seconds / 86_400)d"
        }
    }

    /// `1.8s`.
    static func seconds(milliseconds: Int64) -> String {
        let tenths = (milliseconds + 50) / 100
        return "\(tenths / 10).\(tenths % 10)s"
    }

    /// `41 MB`, in powers of ten.
    static func size(_ bytes: UInt64) -> String {
        let units = ["B", "kB", "MB", "GB", "TB"]
        var value = bytes
        var unit = 0
        while value >= 10_000, unit < units.count - 1 {
            value = (value + 500) / 1000
            unit += 1
        }
        return "\(value) \(units[unit])"
    }
}
