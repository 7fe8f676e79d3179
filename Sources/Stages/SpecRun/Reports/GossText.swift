import BakeModel

/// What goss's own formats say of one check.
///
/// goss shows `Expected FOUND MESSAGE EXPECTED`, where the message is its matcher's. A verdict keeps both sides as text,
/// so the message of a failure is always "to match expectation".
struct GossText {
    let check: Verdict.Check

    /// `File: /etc/passwd: mode`, with goss's spelling of the type.
    var name: String { "\(type): \(CheckName.line(check.id)): \(check.property)" }

    /// goss writes `KernelParam` where a file says `kernel-param`.
    var type: String {
        let known = ["dns": "DNS", "http": "HTTP"]
        if let name = known[check.resource] { return name }
        return check.resource.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    /// The text of each check; before the first of a resource what its author calls it.
    static func lines(of checks: [Verdict.Check]) -> [String] {
        zip(checks, [nil] + checks).map { check, last in
            let isSame = last?.resource == check.resource && last?.id == check.id
            return (isSame ? "" : header(check)) + GossText(check: check).text(isCompact: false) + "\n"
        }
    }

    /// `Title: …`, then the notes by their keys.
    private static func header(_ check: Verdict.Check) -> String {
        let title = check.title.map { "Title: \($0)\n" } ?? ""
        guard let notes = check.meta?.members else { return title }
        let lines = notes.sorted { $0.key < $1.key }
            .map { "    \($0.key): \($0.value.string ?? $0.value.canonical)\n" }
        return title + "Meta:\n" + lines.joined()
    }

    /// The line of a check, or several where they are easier to read.
    func text(isCompact: Bool) -> String {
        let (gap, indent) = isCompact ? (" ", "") : ("\n", "    ")
        switch check.outcome {
        case .passed: return "\(name): matches expectation" + (check.expected.map { ": \($0)" } ?? "")
        case .skipped: return "\(name): skipped"
        case .failed(let expected, let found):
            return ["\(name):", "Expected", indent + found, "to match expectation", indent + expected]
                .joined(separator: gap)
        case .error, .flaky:
            return ["\(name):", "Error", indent + check.outcome.explanation].joined(separator: gap)
        }
    }
}

/// The counts of a verdict, in goss's words.
struct GossSummary {
    let count: Int
    let failed: Int
    let skipped: Int
    /// Milliseconds of all checks together.
    let duration: Int64

    init(_ verdict: Verdict) {
        count = verdict.checks.count
        failed = verdict.failed
        skipped = verdict.skipped
        duration = verdict.checks.reduce(0) { $0 + $1.milliseconds }
    }

    /// `Count: 8, Failed: 0, Skipped: 0`.
    var counts: String { "Count: \(count), Failed: \(failed), Skipped: \(skipped)" }
    /// `0.014`.
    var seconds: String { Seconds.text(milliseconds: duration) }

    /// What stands at the end of goss's reports for people.
    var lines: String { "Total Duration: \(seconds)s\n\(counts)\n" }

    /// The checks that need a look, as goss lists them at the end.
    static func attention(_ verdict: Verdict) -> String {
        let checks = verdict.checks.filter { $0.outcome.isFailure || $0.outcome.isSkip }
        if checks.isEmpty { return "" }
        return "Failures/Skipped:\n\n"
            + GossText.lines(of: checks).joined(separator: "\n") + "\n"
    }
}

/// Seconds with three decimals, which JSON as the records write it does not have.
enum Seconds {
    static func text(milliseconds: Int64) -> String {
        let rest = String(milliseconds % 1000)
        return "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
    }
}
