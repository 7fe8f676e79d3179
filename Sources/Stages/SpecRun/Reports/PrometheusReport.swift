import BakeModel

/// Prometheus' text format, with goss's names.
struct PrometheusReport: VerdictReport {
    func text(of verdict: Verdict, at time: Timestamp) -> String {
        let groups = Dictionary(grouping: verdict.checks) { Group(type: $0.resource.lowercased(), $0.outcome) }
        let sorted = groups.sorted { $0.key < $1.key }
        let outcome = verdict.failed > 0 ? "fail" : verdict.passed > 0 ? "pass" : "skip"
        let duration = GossSummary(verdict).duration
        return [
            Self.family("outcomes_duration_milliseconds", "The duration of tests from this run.") + "\n"
                + sorted.map { "goss_tests_outcomes_duration_milliseconds\($0.key.labels) \(Self.sum($0.value))\n" }
                .joined(),
            Self.family("outcomes_total", "The number of test-outcomes from this run.") + "\n"
                + sorted.map { "goss_tests_outcomes_total\($0.key.labels) \($0.value.count)\n" }.joined(),
            Self.family("run_duration_milliseconds", "The end-to-end duration of this run.") + "\n"
                + "goss_tests_run_duration_milliseconds{outcome=\"\(outcome)\"} \(duration)\n",
            Self.family("run_outcomes_total", "The outcomes of this run as a whole.") + "\n"
                + "goss_tests_run_outcomes_total{outcome=\"\(outcome)\"} 1\n",
        ].joined()
    }

    private struct Group: Hashable, Comparable {
        let outcome: String
        let type: String

        init(type: String, _ outcome: Verdict.Outcome) {
            self.type = type
            self.outcome = outcome.isFailure ? "fail" : outcome.isSkip ? "skip" : "pass"
        }

        var labels: String { "{outcome=\"\(outcome)\",type=\"\(type)\"}" }

        static func < (left: Group, right: Group) -> Bool { (left.outcome, left.type) < (right.outcome, right.type) }
    }

    private static func family(_ name: String, _ help: String) -> String {
        "# HELP goss_tests_\(name) \(help)\n# TYPE goss_tests_\(name) counter"
    }

    private static func sum(_ checks: [Verdict.Check]) -> Int64 { checks.reduce(0) { $0 + $1.milliseconds } }
}
