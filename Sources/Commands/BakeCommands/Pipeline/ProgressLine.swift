import BakeModel
import BakePipeline
import LinuxSystem

/// A node that runs, as somebody at a terminal sees it.
struct ProgressLine {
    let name: String
    /// When it began, in ticks.
    let begin: Int64
    /// How many milliseconds it took the last time; nil where nobody knows.
    var expected: Int64?
    /// Whether another bake makes it.
    var isWaiting = false
    /// The last line of its output, escaped.
    var lastLine = ""
    var meter: ByteMeter?
    private var rate = ByteRate()

    init(name: String, begin: Int64) {
        self.name = name
        self.begin = begin
    }

    /// The line, at most so many columns wide: name, elapsed, what is left, bytes, and the last line of output, dimmed.
    mutating func text(at now: Int64, columns: Int, style: TerminalStyle) -> (text: String, width: Int) {
        let facts = [time(at: now), bytes(at: now)].filter { !$0.isEmpty }.joined(separator: "  ")
        let front = TerminalText.fitted(" \(name.padded(to: 10)) \(facts)", to: columns)
        let used = TerminalText.width(of: front)
        guard columns - used > 4, !lastLine.isEmpty else { return (front, used) }
        let back = TerminalText.fitted(lastLine, to: columns - used - 2)
        return ("\(front)  \(style.dim(back))", used + 2 + TerminalText.width(of: back))
    }

    private func time(at now: Int64) -> String {
        let elapsed = now - begin
        let spent = Wording.seconds(milliseconds: elapsed)
        if isWaiting { return "\(spent)  waits for another bake" }
        guard let expected, expected >= 1000, expected > elapsed else { return spent }
        return "\(spent)  \(Wording.age(milliseconds: expected - elapsed + 999)) left"
    }

    private mutating func bytes(at now: Int64) -> String {
        guard let reading = meter?.reading, reading.bytes > 0 else { return "" }
        let total = reading.total.map { " of \(Wording.size($0))" } ?? ""
        let speed = rate.perSecond(reading, at: now).map { "  \(Wording.size($0))/s" } ?? ""
        return "\(reading.phase) \(Wording.size(reading.bytes))\(total)\(speed)"
    }
}

/// How fast bytes come, averaged over about a second.
private struct ByteRate {
    private var phase = ""
    private var mark: (bytes: UInt64, time: Int64) = (0, 0)
    private var current: UInt64?

    mutating func perSecond(_ reading: ByteMeter.Reading, at now: Int64) -> UInt64? {
        if reading.phase != phase || reading.bytes < mark.bytes {
            (phase, mark, current) = (reading.phase, (reading.bytes, now), nil)
        } else if now - mark.time >= 1000 {
            current = (reading.bytes - mark.bytes) * 1000 / UInt64(now - mark.time)
            mark = (reading.bytes, now)
        }
        return current
    }
}
