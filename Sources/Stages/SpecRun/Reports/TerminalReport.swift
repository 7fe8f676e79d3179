import BakeModel

/// A verdict for people: what did not pass, with both sides, and the counts.
///
/// The text holds what the image and the spec say; who prints it escapes it, as all text from outside.
public struct TerminalReport: Sendable {
    private let verdict: Verdict

    /// Reports a verdict.
    public init(_ verdict: Verdict) { self.verdict = verdict }

    /// `3 passed 0 failed`, and how many were skipped where any were.
    public var summary: String {
        let skipped = verdict.skipped == 0 ? "" : " \(verdict.skipped) skipped"
        return "\(verdict.passed) passed \(verdict.failed) failed\(skipped)"
    }

    /// A few lines for each check that did not pass.
    public var failures: [String] { verdict.checks.filter(\.outcome.isFailure).flatMap(Self.lines) }

    /// A line for each check, whatever became of it, with the few lines of those that did not pass.
    public var everything: [String] { verdict.checks.flatMap(Self.lines) }

    private static func lines(_ check: Verdict.Check) -> [String] {
        // A command may have several lines; a report has one for it.
        let id = check.id.utf8.contains { $0 < 0x20 } ? Shown.text(check.id.utf8) : check.id
        let name = "\(check.resource) \(id) \(check.property)"
        return switch check.outcome {
        case .passed: ["passed   \(name)"]
        case .skipped(let reason): ["skipped  \(name): \(reason)"]
        case .error(let reason): ["error    \(name)", "         \(reason)"]
        case .failed(let expected, let found):
            ["failed   \(name)", "         expected \(expected)", "         found    \(found)"]
        }
    }
}
