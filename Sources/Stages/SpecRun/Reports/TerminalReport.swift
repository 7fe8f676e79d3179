import BakeModel

/// A verdict for people: what did not pass, with both sides, and the counts.
///
/// The text holds what the image and the spec say; who prints it escapes it, as all text from outside.
public struct TerminalReport: Sendable {
    private let verdict: Verdict
    /// Two values stand side by side where both fit.
    private static let width = 100

    /// Reports a verdict.
    public init(_ verdict: Verdict) { self.verdict = verdict }

    /// `3 passed 0 failed`, and how many were skipped where any were.
    public var summary: String {
        let skipped = verdict.skipped == 0 ? "" : " \(verdict.skipped) skipped"
        return "\(verdict.passed) passed \(verdict.failed) failed\(skipped)"
    }

    /// A few lines for each check that did not pass, and the last ones of the image's process.
    public var failures: [String] { verdict.checks.filter(\.outcome.isFailure).flatMap(Self.lines) + output }

    /// Those that did not pass first, then a line for each other check, in the spec's order.
    public var everything: [String] {
        failures + verdict.checks.filter { !$0.outcome.isFailure }.flatMap(Self.lines)
    }

    private var output: [String] {
        guard let output = verdict.output else { return [] }
        return ["the image's process wrote last:"] + output.split(separator: "\n").map { "         \($0)" }
    }

    private static func lines(_ check: Verdict.Check) -> [String] {
        let name = CheckName(check).text + (check.title.map { "  (\(CheckName.line($0)))" } ?? "")
        return switch check.outcome {
        case .passed: ["passed   \(name)"]
        case .skipped(let reason): ["skipped  \(name): \(reason)"]
        case .error(let reason): ["error    \(name)", "         \(reason)"]
        case .flaky(let passes, let runs, let otherwise):
            ["flaky    \(name)", "         passed \(passes) of \(runs) times; else \(otherwise)"]
        case .failed(let expected, let found):
            ["failed   \(name)"] + sides(expected, found) + indented("it wrote:", check.wrote)
        }
    }

    private static func indented(_ title: String, _ text: String?) -> [String] {
        guard let lines = text?.split(separator: "\n"), let only = lines.first else { return [] }
        if lines.count == 1 { return ["         \(title) \(only)"] }
        return ["         \(title)"] + lines.map { "           \($0)" }
    }

    private static func sides(_ expected: String, _ found: String) -> [String] {
        let line = "         expected \(expected)   found \(found)"
        return line.count <= width ? [line] : ["         expected \(expected)", "         found    \(found)"]
    }
}

/// A check's name on one line: type, subject, property.
struct CheckName {
    let text: String

    init(_ check: Verdict.Check) {
        text = [check.resource, check.id, check.property].map(Self.line).joined(separator: " ")
    }

    /// A command may have several lines; a report has one for it.
    static func line(_ text: String) -> String {
        text.utf8.contains { $0 < 0x20 } ? Shown.text(text.utf8) : text
    }
}
