import BakeModel

/// A report for CI servers: JUnit's XML, one suite, a test case for each property.
public struct JUnitReport: Sendable {
    private let cases: [Case]
    private let output: String?
    private let time: Timestamp

    private struct Case {
        let group: String
        let name: String
        let milliseconds: Int64
        let outcome: Verdict.Outcome
        var wrote: String?
    }

    /// Reports a verdict.
    /// - Parameter time: when the checks began.
    public init(_ verdict: Verdict, at time: Timestamp) {
        cases = verdict.checks.map {
            Case(
                group: "bake.\($0.resource)", name: "\($0.id) \($0.property)", milliseconds: $0.milliseconds,
                outcome: $0.outcome, wrote: $0.wrote)
        }
        output = verdict.output
        self.time = time
    }

    /// Reports that there is no verdict, because a stage failed: one test case, `bake.stage` and the stage's name.
    public init(failedStage stage: String, reason: String, at time: Timestamp) {
        cases = [Case(group: "bake.stage", name: stage, milliseconds: 0, outcome: .error(reason))]
        output = nil
        self.time = time
    }

    /// The file's text.
    public var text: String {
        let count = { (kind: (Verdict.Outcome) -> Bool) in String(cases.count { kind($0.outcome) }) }
        let attributes = [
            ("name", "bake"), ("tests", String(cases.count)),
            ("failures", count(\.isMismatch)),
            ("errors", count { $0.isFailure && !$0.isMismatch }), ("skipped", count(\.isSkip)),
            ("time", Seconds.text(milliseconds: cases.reduce(0) { $0 + $1.milliseconds })),
            ("timestamp", String(time.text(offsetMinutes: 0).prefix(19))),
        ]
        let lines = cases.map { Self.element($0) }.joined()
        let last = output.map { "  \(XML.element("system-out", [], XML.escaped($0)))\n" } ?? ""
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            + XML.element("testsuite", attributes, "\n\(lines)\(last)") + "\n"
    }

    private static func element(_ test: Case) -> String {
        let attributes = [
            ("classname", test.group), ("name", test.name), ("time", Seconds.text(milliseconds: test.milliseconds)),
        ]
        return "  \(XML.element("testcase", attributes, content(test)))\n"
    }

    private static func content(_ test: Case) -> String {
        let outcome = test.outcome
        return switch outcome {
        case .passed: ""
        case .skipped(let reason): XML.element("skipped", [("message", reason)], "")
        case .error, .flaky:
            XML.element("error", [("message", outcome.explanation)], XML.escaped(outcome.explanation))
        case .failed(let expected, let found):
            XML.element(
                "failure", [("message", "expected \(expected), found \(found)")],
                XML.escaped(
                    "expected \(expected)\nfound    \(found)" + (test.wrote.map { "\nit wrote:\n\($0)" } ?? "")))
        }
    }
}

extension Verdict.Outcome {
    /// Whether a value was found and is another one than expected.
    fileprivate var isMismatch: Bool { if case .failed = self { true } else { false } }
}

/// XML 1.0 text.
enum XML {
    /// An element. `content` is XML already.
    static func element(_ name: String, _ attributes: [(String, String)], _ content: String) -> String {
        let head = attributes.map { " \($0)=\"\(escaped($1))\"" }.joined()
        return content.isEmpty ? "<\(name)\(head)/>" : "<\(name)\(head)>\(content)</\(name)>"
    }

    /// Text that any XML reader gives back: characters that XML 1.0 (2.2) has no way to write become U+FFFD.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            // A reader would turn these into spaces in attributes.
            case "\n", "\t", "\r": escaped += "&#\(scalar.value);"
            case _ where scalar.value < 0x20 || scalar.value & 0xfffe == 0xfffe: escaped += "\u{fffd}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
