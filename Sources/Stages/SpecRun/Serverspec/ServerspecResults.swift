import BakeModel
import LinuxSystem

/// What the formatter wrote: a line of JSON for each example and message.
struct ServerspecResults {
    private(set) var checks: [Verdict.Check] = []
    private var said: [String] = []
    /// How many examples there were to run, which is the last thing that is written.
    private var expected: Int64?

    init(_ bytes: [UInt8]) {
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard let json = try? JSON(parsing: Array(line)) else { continue }
            if let check = Verdict.Check(json) { checks.append(check) }
            if let text = json["message"]?.string { said.append(text) }
            if let number = json["examples"]?.number { expected = number }
        }
    }

    /// What rspec said outside of examples: a file that could not be loaded is an error beside the examples that ran.
    var messages: String { said.joined(separator: "\n").split(separator: "\n").prefix(12).joined(separator: "\n") }

    /// The examples in rspec's order, with an error for what was not run.
    /// - Parameter ending: rspec's.
    func checks(_ ending: ChildProcess.Ending) -> [Verdict.Check] {
        let outside = said.filter { $0.contains("error occurred") }.map { text in
            Verdict.Check(
                resource: "serverspec", id: "suite", property: "loads", outcome: .error(text), milliseconds: 0)
        }
        let found = outside + checks
        let cut = cut(ending, hasFailed: found.contains(where: \.outcome.isFailure)).map { reason in
            Verdict.Check(
                resource: "serverspec", id: "suite", property: "runs to its end", outcome: .error(reason),
                milliseconds: 0)
        }
        return found + (cut.map { [$0] } ?? [])
    }

    /// Why examples may be missing; nil where all ran. Examples that fail make rspec's status another than 0.
    private func cut(_ ending: ChildProcess.Ending, hasFailed: Bool) -> String? {
        guard let expected else { return "rspec ended on the way, with \(ending.explanation)" }
        if checks.count < expected {
            return "\(checks.count) of \(expected) examples ran; rspec ended with \(ending.explanation)"
        }
        if case .signalled = ending { return "rspec ended with \(ending.explanation)" }
        return ending.succeeded || hasFailed ? nil : "rspec ended with \(ending.explanation), and no example failed"
    }
}

extension Verdict.Check {
    fileprivate init?(_ json: JSON) {
        guard let group = json["group"]?.string, let example = json["example"]?.string,
            let word = json["outcome"]?.string, let milliseconds = json["milliseconds"]?.number
        else { return nil }
        let reason = json["reason"]?.string ?? ""
        let outcome: Verdict.Outcome =
            switch word {
            case "passed": .passed
            case "skipped": .skipped(reason)
            case "failed": .failed(expected: Self.expectation(example), found: Self.found(reason, json))
            default: .error(Self.line(reason))
            }
        self.init(
            resource: "serverspec", id: group, property: example, outcome: outcome, milliseconds: milliseconds)
    }

    private static func line(_ text: String) -> String {
        text.split(separator: "\n").map { $0.trimmingPrefix(while: \.isWhitespace) }.joined(separator: "; ")
    }

    /// `is expected to be listening` without the words that the report has already.
    private static func expectation(_ example: String) -> String {
        let words = "is expected "
        return example.hasPrefix(words) ? String(example.dropFirst(words.count)) : example
    }

    private static func found(_ reason: String, _ json: JSON) -> String {
        guard let command = json["command"]?.string else { return line(reason) }
        let said = "\(line(reason)); \(command): \(Shown.text((json["stdout"]?.string ?? "").utf8))"
        guard let errors = json["stderr"]?.string, !errors.isEmpty else { return said }
        return "\(said), and to standard error \(Shown.text(errors.utf8.suffix(Shown.longest)))"
    }
}
