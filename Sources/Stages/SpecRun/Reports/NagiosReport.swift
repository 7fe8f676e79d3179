import BakeModel

/// One line for a monitor, in the form of a Nagios plugin, with a plugin's exit codes.
struct NagiosReport: VerdictReport {
    func text(of verdict: Verdict, at time: Timestamp) -> String {
        let summary = GossSummary(verdict)
        return "GOSS \(verdict.isPass ? "OK" : "CRITICAL") - \(summary.counts), Duration: \(summary.seconds)s\n"
    }

    /// The line where there is no verdict. What follows `|` in a plugin's output is measured values.
    static func line(withoutVerdict reason: String) -> String {
        let lines = reason.split(whereSeparator: \.isNewline).joined(separator: "; ")
        return "GOSS UNKNOWN - \(lines.replacing("|", with: "¦"))"
    }
}
