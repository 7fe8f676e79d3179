import BakeModel
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
    func result(_ line: String) { verbatim(line + "\n") }

    /// Prints text of the result as it is.
    func verbatim(_ text: String) { StandardOutput.shared.write(text.utf8) }

    /// Prints bytes of the result as they are.
    func bytes(_ bytes: [UInt8]) { StandardOutput.shared.write(bytes) }

    /// Prints a piece of a long result.
    /// - Throws: `SilentExit` where the rest need not be made: an earlier piece was lost, which the end of the process tells.
    func piece(_ bytes: some Collection<UInt8>) throws(SilentExit) {
        StandardOutput.shared.write(bytes)
        if StandardOutput.shared.isLost { throw SilentExit(code: .done) }
    }

    /// Prints a document as one line of JSON.
    func document(_ json: JSON) { result(json.canonical) }

    /// Prints a line for people, unless only the result is wanted.
    func note(_ line: String) { if !isQuiet { complain(line) } }

    /// Writes to the terminal of standard error as it is, control sequences among it.
    func draw(_ text: String) { Self.tell(text) }

    /// Prints a line that must be seen.
    func complain(_ line: String) { Self.tell(line + "\n") }

    /// Writes to standard error. Where that fails there is nowhere left to say so.
    private static func tell(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
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
