import BakeModel

/// One line for a monitor, in the form of a Nagios plugin; `ReportFormat.failure` is its exit code.
struct NagiosReport: VerdictReport {
    func text(of verdict: Verdict, at time: Timestamp) -> String {
        let summary = GossSummary(verdict)
        return "GOSS \(verdict.isPass ? "OK" : "CRITICAL") - \(summary.counts), Duration: \(summary.seconds)s\n"
    }
}
