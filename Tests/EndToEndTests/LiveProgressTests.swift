import BakeTestSupport
import Foundation
import GitFixtures
import LinuxSystem
import Testing

/// What a person at a terminal sees while a bake runs; script(1) makes the terminal.
@Suite struct LiveProgressTests {
    private let small: SmallRepository

    init() throws {
        small = try SmallRepository()
        let pipeline = try String(contentsOfFile: "\(small.git.path)/bake.yaml", encoding: .utf8)
        let command = #"echo "one \$HOME"; printf 'two\033[2J\n'; sleep 1; mkdir dist"#
        try small.git.commit(files: ["bake.yaml": pipeline.replacing("mkdir dist", with: command)])
    }

    /// Everything that a terminal of 60 columns gets.
    private func screen(_ words: String, environment: [String] = []) throws -> String {
        let run = try CompletedProcess.run(
            "/usr/bin/script", ["-qec", "stty cols 60 rows 24; \(small.bakePath) \(words)", "/dev/null"],
            environment: small.environment + ["TERM=xterm", "SHELL=/bin/sh"] + environment,
            input: try Descriptor.open("/dev/null", 0), directory: small.git.path, deadline: 120)
        return run.text
    }

    /// What stands on the terminal at the end, of a terminal that knows CR, LF, cursor up and erase below.
    private func shown(_ text: String) -> [String] {
        var rows: [[Character]] = [[]]
        var row = 0
        var column = 0
        var rest = Substring(text.replacing("\r\n", with: "\r\u{0}"))
        while let letter = rest.popFirst() {
            switch letter {
            case "\r": column = 0
            case "\0":
                row += 1
                if row == rows.count { rows.append([]) }
            case "\u{1b}":
                rest = rest.dropFirst()
                let number = Int(rest.prefix { $0.isNumber }) ?? 1
                rest = rest.drop { $0.isNumber || $0 == ";" }
                switch rest.popFirst() {
                case "A": row -= number
                case "J":
                    rows[row] = Array(rows[row].prefix(column))
                    rows.removeLast(rows.count - row - 1)
                default: break
                }
            default:
                while rows[row].count <= column { rows[row].append(" ") }
                rows[row][column] = letter
                column += 1
            }
        }
        return rows.map { String($0) }
    }

    @Test("running stages have a line with elapsed time and the last line of output; at the end nothing of it is left")
    func terminal() throws {
        let text = try screen("build")
        // Drawn about ten times a second for a second.
        let draws = text.components(separatedBy: " site       0.").count
        #expect(draws > 4 && draws < 30)
        #expect(text.contains("\u{1b}[2mtwo\\u{1b}[2J"), "the last line, dimmed and escaped")
        let lines = shown(text).map { $0.trimmingCharacters(in: .whitespaces) }.filter {
            !$0.isEmpty && !$0.hasPrefix("made the store")
        }
        #expect(lines.count == 5)
        #expect(
            lines.prefix(4).map { $0.split(separator: " ").prefix(2).joined(separator: " ") }
                == ["base ran", "site ran", "app ran", "spec ran"])
        #expect(lines.last?.hasPrefix("small@1  sha256:") == true)
        // The second time it is known how long it takes.
        #expect(try screen("build --fresh site").contains("s left"))
    }

    @Test(
        "no drawing and no colour with NO_COLOR, on a dumb terminal, and without a terminal",
        arguments: ["NO_COLOR=1", "TERM=dumb"])
    func plain(setting: String) throws {
        let plain = try screen("build", environment: [setting])
        #expect(plain.contains(" site       ran     1.") && !plain.contains("\u{1b}"))
        let piped = try small.bake("build", "--fresh", "site", "-v")
        #expect(!piped.errors.contains("\u{1b}") && !piped.output.contains("\u{1b}"))
        #expect(piped.errors.contains(" site | two\\u{1b}[2J\n"))
    }

    @Test("Ctrl-C erases the lines before anything else is said")
    func interrupted() throws {
        let text = try screen("build & sleep 0.8; kill -INT $!; wait $!")
        #expect(shown(text).contains("bake: interrupted"))
        #expect(!text.contains("failed") && text.contains("interrupted"), "\(text)")
        #expect(!shown(text).joined().contains("0.5s"))
    }
}
