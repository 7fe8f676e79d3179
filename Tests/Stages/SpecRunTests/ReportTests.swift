import BakeModel
import Foundation
import LinuxSystem
import Testing

@testable import SpecRun

@Suite struct ReportTests {
    private static let hostile = "a\u{1}<b>&\"'\u{fffe}]]>\n\u{1b}[31mé"
    private static let verdict = Verdict(checks: [
        Verdict.Check(resource: "file", id: "/x", property: "exists", outcome: .passed, milliseconds: 1),
        Verdict.Check(
            resource: "file", id: hostile, property: "mode", outcome: .failed(expected: "\"0644\"", found: hostile),
            milliseconds: 1234, wrote: hostile),
        Verdict.Check(
            resource: "user", id: "a", property: "uid", outcome: .skipped("exists is false"), milliseconds: 0),
        Verdict.Check(resource: "port", id: "80", property: "ip", outcome: .error(hostile), milliseconds: 5),
    ])
    private static let time = Timestamp(seconds: 1_577_836_800)

    /// What Python's XML parser makes of a report: the suite's attributes, then each case with its first child.
    private func parsed(_ report: JUnitReport) throws -> [String] {
        let directory = try TemporaryDirectory()
        try directory.write("junit.xml", report.text)
        let script = """
            import sys, json, xml.etree.ElementTree as E
            s = E.parse(sys.argv[1]).getroot()
            assert s.tag == 'testsuite' and len(s) == int(s.get('tests'))
            assert len(s.findall('testcase/failure')) == int(s.get('failures'))
            assert len(s.findall('testcase/error')) == int(s.get('errors'))
            assert len(s.findall('testcase/skipped')) == int(s.get('skipped'))
            print(s.get('name'), s.get('tests'), s.get('failures'), s.get('errors'), s.get('skipped'), s.get('time'), s.get('timestamp'))
            for c in s:
                k = c[0].tag + ':' + json.dumps(c[0].get('message'), ensure_ascii=True) if len(c) else 'passed'
                print(c.get('classname'), json.dumps(c.get('name'), ensure_ascii=True), c.get('time'), k)
            """
        let done = try CompletedProcess.run(
            "/usr/bin/python3", ["-c", script, "\(directory.path)/junit.xml"], environment: ["LC_ALL=C.UTF-8"])
        #expect(done.ending.succeeded, "\(done.lastErrors)")
        return done.text.split(separator: "\n").map(String.init)
    }

    @Test func junitIsReadByAnotherParser() throws {
        let safe = #"a\ufffd<b>&\"'\ufffd]]>\n\ufffd[31m\u00e9"#
        #expect(
            try parsed(JUnitReport(Self.verdict, at: Self.time)) == [
                "bake 4 1 1 1 1.240 2020-01-01T00:00:00",
                #"bake.file "/x exists" 0.001 passed"#,
                #"bake.file "\#(safe) mode" 1.234 failure:"expected \"0644\", found \#(safe)""#,
                #"bake.user "a uid" 0.000 skipped:"exists is false""#,
                #"bake.port "80 ip" 0.005 error:"\#(safe)""#,
            ])
    }

    @Test func junitTellsOfAFailedStage() throws {
        let report = JUnitReport(failedStage: "site", reason: "exit status 2", at: Self.time)
        #expect(
            try parsed(report) == [
                "bake 1 0 1 0 0.000 2020-01-01T00:00:00", #"bake.stage "site" 0.000 error:"exit status 2""#,
            ])
    }

    @Test func jsonRoundTrip() throws {
        #expect(Verdict(Self.verdict.json) == Self.verdict)
        #expect(Verdict(try JSON(parsing: Self.verdict.json.canonicalBytes)) == Self.verdict)
        #expect(Verdict(["schema": "bake/verdict/2", "checks": []]) == nil)
        #expect(Verdict(["schema": "bake/verdict/1", "checks": [["resource": "file"]]]) == nil)
    }

    @Test func terminalShowsBothSides() {
        let report = TerminalReport(Self.verdict)
        #expect(report.summary == "1 passed 2 failed 1 skipped")
        // The id has a line feed, so it is shown in quotes: a line stays a line.
        #expect(report.failures.first == "failed   file \(JSON.string(Self.hostile).canonical) mode")
        #expect(report.failures.count == 7)
        #expect(report.everything.count == 9)
    }

    @Test func requestRoundTrip() throws {
        let digest = Digest.of(Array("x".utf8))
        let layers = [Layer(blob: digest, size: 1, diffID: DiffID(digest), tarSize: 2)]
        let configuration = ImageConfiguration(
            command: ["a", ""], environment: ["A=b"], user: "web", workingDirectory: "/w")
        let request = SpecRequest(
            store: "/s", workspace: "/w", text: "t", name: "n",
            subject: .image(layers: layers, configuration: configuration),
            stages: ["os": StageRoot(layers: layers, configuration: configuration)], patience: SpecPatience(deadline: 7)
        )
        #expect(SpecRequest(request.json) == request)
        let other = SpecRequest(
            store: "", workspace: "/w", text: "t", name: "n", subject: .directory("/"),
            patience: SpecPatience(deadline: 7))
        #expect(SpecRequest(other.json) == other)
    }
}
