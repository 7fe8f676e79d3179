import BakeModel

/// goss's format for people: a letter for each check, then what needs a look.
struct RspecishReport: VerdictReport {
    func text(of verdict: Verdict, at time: Timestamp) -> String {
        let letters = verdict.checks.map { check in
            check.outcome.isFailure ? "F" : check.outcome.isSkip ? "S" : "."
        }
        return letters.joined() + "\n\n" + GossSummary.attention(verdict) + GossSummary(verdict).lines
    }
}
