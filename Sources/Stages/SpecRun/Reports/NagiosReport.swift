import BakeModel

/// One line for a monitor, in the form of a Nagios plugin. goss ends with 2 for a failure; bake keeps its own exit codes.
struct NagiosReport: VerdictReport {
    func text(of verdict: Verdict, at time: Timestamp) -> String {
        let summary = GossSummary(verdict)
        return "GOSS \(verdict.isPass ? "OK" : "CRITICAL") - \(summary.counts), Duration: \(summary.seconds)s\n"
    }
}
