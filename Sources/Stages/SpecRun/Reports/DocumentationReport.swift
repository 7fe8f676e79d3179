import BakeModel

/// goss's format that names every check.
struct DocumentationReport: VerdictReport {
    func text(of verdict: Verdict, at time: Timestamp) -> String {
        GossText.lines(of: verdict.checks).joined() + "\n\n"
            + GossSummary.attention(verdict) + GossSummary(verdict).lines
    }
}
