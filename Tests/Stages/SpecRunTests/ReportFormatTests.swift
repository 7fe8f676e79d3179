import BakeModel
import Foundation
import LinuxSystem
import Testing

@testable import SpecRun

/// Reports in goss's formats. The expected texts follow from goss's `outputs/*.go`.
@Suite struct ReportFormatTests {
    private static let verdict = Verdict(checks: [
        Verdict.Check(
            resource: "file", id: "/x", property: "exists", outcome: .passed, milliseconds: 4, expected: "true"),
        Verdict.Check(
            resource: "file", id: "/x", property: "mode", outcome: .failed(expected: "\"0644\"", found: "\"0600\""),
            milliseconds: 10, expected: "\"0644\""),
        Verdict.Check(
            resource: "kernel-param", id: "a.b", property: "value", outcome: .skipped("the spec says skip"),
            milliseconds: 0),
        Verdict.Check(
            resource: "http", id: "http://h/", property: "status",
            outcome: .flaky(passes: 2, runs: 3, otherwise: "expected 200, found 503"), milliseconds: 20),
    ])
    private static let hostile = Verdict(
        checks: [
            Verdict.Check(
                resource: "command", id: "a\nb # TODO </script><b>\u{202e}&'\"", property: "stdout",
                outcome: .failed(expected: "<i>", found: "\u{1b}[31m]]>"), milliseconds: 1)
        ], output: "<script>alert(1)</script>")
    private static let time = Timestamp(seconds: 1_577_836_800)

    private func text(_ format: ReportFormat, _ verdict: Verdict = verdict) -> String {
        format.text(of: verdict, at: Self.time)
    }

    @Test func rspecish() {
        #expect(
            text(.rspecish) == """
                .FSF

                Failures/Skipped:

                File: /x: mode:
                Expected
                    "0600"
                to match expectation
                    "0644"

                KernelParam: a.b: value: skipped

                HTTP: http://h/: status:
                Error
                    passed 2 of 3 times; else expected 200, found 503

                Total Duration: 0.034s
                Count: 4, Failed: 2, Skipped: 1

                """)
    }

    @Test func documentationNamesEveryCheck() {
        let lines = text(.documentation).split(separator: "\n").map(String.init)
        #expect(lines[0] == "File: /x: exists: matches expectation: true")
        #expect(lines.filter { $0 == "File: /x: mode:" }.count == 2)
        #expect(lines.last == "Count: 4, Failed: 2, Skipped: 1")
    }

    @Test func tap() {
        #expect(
            text(.tap) == """
                1..4
                ok 1 - File: /x: exists: matches expectation: true
                not ok 2 - File: /x: mode: Expected "0600" to match expectation "0644"
                ok 3 - # SKIP KernelParam: a.b: value: skipped
                not ok 4 - HTTP: http://h/: status: Error passed 2 of 3 times; else expected 200, found 503

                """)
    }

    /// `# TODO` would make a failure one that harnesses forgive, and a line feed would begin another line.
    @Test func tapIsNotSteeredByNames() {
        let lines = text(.tap, Self.hostile).split(separator: "\n")
        #expect(lines.count == 2)
        #expect(!lines[1].contains(" # TODO") && lines[1].hasPrefix("not ok 1 - "))
    }

    /// A backslash in the name would escape the one that escapes the sign. TAP 14: both are escaped by a backslash.
    @Test func tapEscapesBackslashes() {
        let check = Verdict.Check(
            resource: "file", id: "/x \\# TODO", property: "exists", outcome: .error("no"), milliseconds: 1)
        #expect(text(.tap, Verdict(checks: [check])).contains(##"/x \\\# TODO"##))
    }

    @Test func nagios() {
        #expect(text(.nagios) == "GOSS CRITICAL - Count: 4, Failed: 2, Skipped: 1, Duration: 0.034s\n")
        let passed = Verdict(checks: [Self.verdict.checks[0]])
        #expect(text(.nagios, passed) == "GOSS OK - Count: 1, Failed: 0, Skipped: 0, Duration: 0.004s\n")
        // One line, and nothing that a monitor takes for measured values.
        let unknown = ReportFormat.nagios.line(withoutVerdict: "cannot read a|b:\nno\n")
        #expect(unknown?.text == "GOSS UNKNOWN - cannot read a¦b:; no" && unknown?.exit.rawValue == 3)
        #expect(ReportFormat.tap.line(withoutVerdict: "x") == nil)
    }

    @Test func prometheus() {
        let lines = text(.prometheus).split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
        #expect(
            lines == [
                "goss_tests_outcomes_duration_milliseconds{outcome=\"fail\",type=\"file\"} 10",
                "goss_tests_outcomes_duration_milliseconds{outcome=\"fail\",type=\"http\"} 20",
                "goss_tests_outcomes_duration_milliseconds{outcome=\"pass\",type=\"file\"} 4",
                "goss_tests_outcomes_duration_milliseconds{outcome=\"skip\",type=\"kernel-param\"} 0",
                "goss_tests_outcomes_total{outcome=\"fail\",type=\"file\"} 1",
                "goss_tests_outcomes_total{outcome=\"fail\",type=\"http\"} 1",
                "goss_tests_outcomes_total{outcome=\"pass\",type=\"file\"} 1",
                "goss_tests_outcomes_total{outcome=\"skip\",type=\"kernel-param\"} 1",
                "goss_tests_run_duration_milliseconds{outcome=\"fail\"} 34",
                "goss_tests_run_outcomes_total{outcome=\"fail\"} 1",
            ])
    }

    @Test func silentSaysNothing() { #expect(text(.silent) == "") }

    /// `header` of goss's outputs.go: before a resource's first result, keys sorted.
    @Test func titlesAndNotesAreShown() throws {
        let text = """
            file:
              /nowhere:
                title: "RUNBOOK-17 license file"
                meta: { sev: 1, team: web, ratio: 0.5 }
                exists: true
            matching:
              plain: { content: 1, matches: 1 }
            """
        let image = ImageState(try MountedRoot(at: "/"))
        let found = SpecSuite(
            spec: try SpecFile(parsing: text, name: "goss.yaml"), image: image, processes: NoProcesses(),
            patience: .none
        ).verdict()
        // Through the record, as a later `bake test` reads it.
        let verdict = try #require(Verdict(try JSON(parsing: found.json.canonicalBytes)))
        let header = "Title: RUNBOOK-17 license file\nMeta:\n    ratio: 0.5\n    sev: 1\n    team: web\nFile: /nowhere"
        #expect(self.text(.documentation, verdict).hasPrefix(header))
        #expect(self.text(.rspecish, verdict).contains("Failures/Skipped:\n\n\(header)"))
        #expect(self.text(.documentation, verdict).contains("\nMatching: plain: matches: matches expectation"))
        let json = try JSONSerialization.jsonObject(with: Data(self.text(.json, verdict).utf8)) as? [String: Any]
        let results = try #require(json?["results"] as? [[String: Any]])
        #expect(results[0]["title"] as? String == "RUNBOOK-17 license file")
        #expect((results[0]["meta"] as? [String: Any])?["sev"] as? Int == 1 && results[1]["title"] as? String == "")
        #expect(TerminalReport(verdict).failures.first == "failed   file /nowhere exists  (RUNBOOK-17 license file)")
    }

    @Test func jsonIsOneDocumentInEveryForm() throws {
        let oneLine = text(.jsonOneline)
        #expect(oneLine.split(separator: "\n").count == 1)
        let json = try JSON(parsing: Array(oneLine.utf8))
        #expect(try JSON(parsing: Array(text(.json).utf8)) == json)
        #expect(json["summary"]?["test-count"]?.number == 4 && json["summary"]?["failed-count"]?.number == 2)
        #expect(
            json["summary"]?["summary-line"]?.string == "Count: 4, Failed: 2, Skipped: 1, Duration: 0.034s")
        let results = json["results"]?.items ?? []
        #expect(results.map { $0["successful"]?.bool } == [true, false, true, false])
        #expect(results.map { $0["result"]?.number } == [0, 1, 2, 1])
        #expect(results[1]["summary-line-compact"]?.string?.hasPrefix("File: /x: mode: Expected ") == true)
        #expect(results[1]["duration"]?.number == 10_000_000)
        let structured = try JSON(parsing: Array(text(.structured).utf8))
        #expect(structured["summary-line"]?.string == "Count: 4, Failed: 2, Duration: 0.034s")
        #expect(structured["results"] == json["results"])
    }

    /// Python's parser finds no element that the text of an image made.
    @Test func htmlHoldsTextAndNoMarkup() throws {
        let directory = try TemporaryDirectory()
        try directory.write("report.html", text(.html, Self.hostile))
        let script = """
            import sys, html.parser
            found, text = set(), []
            class P(html.parser.HTMLParser):
                def handle_starttag(self, tag, attributes): found.add(tag)
                def handle_data(self, data): text.append(data)
            P().feed(open(sys.argv[1], encoding='utf-8').read())
            print(*sorted(found))
            print('<script>alert(1)</script>' in text, any('\\u202e' in t or '\\x1b' in t for t in text))
            """
        let done = try CompletedProcess.run(
            "/usr/bin/python3", ["-c", script, "\(directory.path)/report.html"], environment: ["LC_ALL=C.UTF-8"])
        let lines = done.text.split(separator: "\n").map(String.init)
        #expect(lines[0] == "body code h1 h2 head html meta p pre style table td th title tr", "\(done.lastErrors)")
        #expect(lines[1] == "True False")
        #expect(!text(.html, Self.hostile).contains("http"))
    }

    /// The schema of Jenkins' xunit plugin.
    @Test(
        .enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/xmllint")),
        arguments: [verdict, hostile, Verdict(checks: [])])
    func junitIsValid(verdict: Verdict) throws {
        let directory = try TemporaryDirectory()
        try directory.write("junit.xml", text(.junit, verdict))
        let schema = URL(filePath: #filePath).appending(path: "../../../../Fixtures/junit/junit-10.xsd").standardized
            .path
        let done = try CompletedProcess.run(
            "/usr/bin/xmllint", ["--noout", "--nonet", "--schema", schema, "\(directory.path)/junit.xml"],
            environment: [])
        #expect(done.ending.succeeded, "\(done.lastErrors)")
    }

    @Test func failuresComeFirst() {
        let lines = TerminalReport(Self.verdict).everything
        #expect(
            lines == [
                "failed   file /x mode", "         expected \"0644\"   found \"0600\"",
                "flaky    http http://h/ status",
                "         passed 2 of 3 times; else expected 200, found 503", "passed   file /x exists",
                "skipped  kernel-param a.b value: the spec says skip",
            ])
    }
}
