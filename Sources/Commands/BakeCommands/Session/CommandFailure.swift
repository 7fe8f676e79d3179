import ArgumentParser
import BakeModel

/// bake's own codes, not argument-parser's.
typealias ExitCode = BakeModel.ExitCode

/// How an error is told: what was being done, to what, why it failed, and what mends it.
enum CommandFailure {
    /// The lines for standard error.
    static func lines(_ error: any ExplainedError) -> [String] {
        var lines: [String] = []
        if let faults = error as? SourceFaults {
            // The report is escaped already, and its line ends are meant.
            lines = faults.report.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        } else {
            let reason = error.reason.split(separator: "\n").map { TerminalText.escaped(String($0)) }
            let subject = TerminalText.escaped(error.subject)
            lines.append("bake: cannot \(error.doing) \(subject): \(reason.first ?? "")")
            lines += reason.dropFirst().map { "  \($0)" }
        }
        if let hint = error.hint { lines.append("hint: \(TerminalText.escaped(hint))") }
        return lines
    }

    /// The same for a report of a test, without the hint and not escaped.
    static func sentence(_ error: any Error) -> String {
        guard let explained = error as? any ExplainedError else { return String(describing: error) }
        // Its report names the file and the line.
        if explained is SourceFaults { return explained.reason }
        return "cannot \(explained.doing) \(explained.subject): \(explained.reason)"
    }

    /// The same on one line: of several faults the first.
    static func line(_ error: any Error) -> String {
        guard let faults = error as? SourceFaults else { return sentence(error) }
        let first = faults.report.prefix { !$0.isNewline }
        return faults.faults.count == 1 ? String(first) : "\(first) (and \(faults.faults.count - 1) more)"
    }

    /// The error's code for the process that called.
    static func exit(_ error: any Error) -> ExitCode {
        (error as? any ExplainedError)?.exit ?? .failed
    }
}

/// An end with another code than 0, of which everything was said already.
struct SilentExit: Error {
    let code: ExitCode
}
