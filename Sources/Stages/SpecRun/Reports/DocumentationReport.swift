import BakeModel

/// goss's format that names every check.
struct DocumentationReport: VerdictReport {
    func text(of verdict: Verdict, at time: Timestamp) -> String {
        verdict.checks.map { GossText(check: $0).text(isCompact: false) + "\n" }.joined() + "\n\n"
            + GossSummary.attention(verdict) + GossSummary(verdict).lines
    }
}
