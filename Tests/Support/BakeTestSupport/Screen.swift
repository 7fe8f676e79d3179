import BakeModel
import Foundation
import LinuxSystem

/// What a command printed, and how it ended.
public struct Screen: Sendable {
    /// Its words, without `bake`.
    public let arguments: [String]
    /// Standard output.
    public let output: String
    /// Standard error.
    public let errors: String
    /// The exit status; 128 and the signal where one ended it.
    public let status: Int32

    /// Takes what a run of bake left.
    public init(arguments: [String], _ run: CompletedProcess) {
        self.arguments = arguments
        output = run.text
        errors = String(decoding: run.errors, as: UTF8.self)
        status =
            switch run.ending {
            case .exited(let status): status
            case .signalled(let signal): 128 + signal
            }
    }

    /// Standard output without the last line's end.
    public var line: String { output.hasSuffix("\n") ? String(output.dropLast()) : output }

    /// Standard output as JSON.
    public func json() throws -> JSON { try Self.json(of: output) }

    /// Reads a document of bake's. Its durations are the only fractions, which bake's own reader does not take.
    public static func json(of text: String) throws -> JSON {
        let pattern = #""seconds":[0-9.]+"#
        let whole = text.replacingOccurrences(of: pattern, with: "\"seconds\":0", options: .regularExpression)
        return try JSON(parsing: Array(whole.utf8))
    }

    /// The whole screen with everything replaced that differs from run to run: `$ bake …`, standard output, standard
    /// error behind `2>`, and the exit status where it is not 0.
    public func transcript(hiding directory: String) -> String {
        let words = arguments.map { $0.contains(" ") ? "\"\($0)\"" : $0 }.joined(separator: " ")
        var lines = ["$ bake \(words)"]
        lines += output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
        lines += errors.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { "2> \($0)" }
        if status != 0 { lines.append("exit \(status)") }
        return Self.normalised(lines.joined(separator: "\n") + "\n", hiding: directory)
    }

    /// Text with everything replaced that differs from run to run.
    public static func normalised(_ text: String, hiding directory: String) -> String {
        var text = text.replacingOccurrences(of: directory, with: "DIR")
        let rules = [
            (#"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9:]+)"#, "TIME"), (#"sha256:[0-9a-f]{12,64}"#, "sha256:…"),
            (#" +[0-9]+\.[0-9]s"#, " N.Ns"), (#"[0-9]+\.[0-9]+s"#, "N.Ns"), (#"\b[0-9]+ (B|kB|MB)\b"#, "SIZE"),
            (#"\b[0-9a-f]{7}\b"#, "COMMIT"), (#"[0-9]+ packages"#, "N packages"),
            (#"machine [^ \n]+"#, "machine MACHINE"),
            (#"encoder libarchive [^\n]*KiB"#, "encoder ENCODER"),
            (#"[a-z_][a-z0-9_-]* \(uid [0-9]+(, login uid [0-9]+)?\)"#, "USER (uid N)"),
            (#"([0-9])  [0-9]+[smh](?![a-z])"#, "$1  AGE"),
        ]
        for (pattern, replacement) in rules {
            text = text.replacingOccurrences(of: pattern, with: replacement, options: .regularExpression)
        }
        return text
    }
}
