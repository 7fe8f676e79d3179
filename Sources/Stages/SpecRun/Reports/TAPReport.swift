import BakeModel

/// The Test Anything Protocol, version 12, as goss writes it.
struct TAPReport: VerdictReport {
    func text(of verdict: Verdict, at time: Timestamp) -> String {
        "1..\(verdict.checks.count)\n"
            + verdict.checks.enumerated().map { Self.line($0.offset + 1, $0.element) + "\n" }.joined()
    }

    private static func line(_ number: Int, _ check: Verdict.Check) -> String {
        let text = CheckName.line(GossText(check: check).text(isCompact: true))
        let isOK = !check.outcome.isFailure
        return "\(isOK ? "ok" : "not ok") \(number) - \(check.outcome.isSkip ? "# SKIP " : "")\(safe(text))"
    }

    /// A number sign begins a directive: one in a file's name must not turn a failure into a pass. A backslash before it
    /// would take its own away.
    private static func safe(_ text: String) -> String {
        text.flatMap { $0 == "#" || $0 == "\\" ? ["\\", $0] : [$0] }.reduce(into: "") { $0.append($1) }
    }
}
