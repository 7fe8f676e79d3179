import BakeModel
import BakeTestSupport
import Foundation
import Glibc
import LinuxSystem
import Testing

/// What a Jenkins job relies on.
@Suite struct JobTests {
    private let small: SmallRepository
    private let junit: String
    private let result: String

    init() throws {
        small = try SmallRepository()
        junit = "\(small.git.directory.path)/junit.xml"
        result = "\(small.git.directory.path)/result.json"
    }

    private func job() throws -> Screen {
        try small.bake("build", "--commit", "HEAD", "--junit", junit, "--result", result)
    }

    private func document() throws -> JSON {
        try Screen.json(of: try String(contentsOfFile: result, encoding: .utf8))
    }

    /// Tests, failures and errors of the report, as Python's XML parser reads them.
    private func counts() throws -> String {
        let script = """
            import sys, xml.etree.ElementTree as tree
            suite = tree.parse(sys.argv[1]).getroot()
            assert suite.tag == "testsuite" and len(suite.findall("testcase")) == int(suite.get("tests"))
            print(suite.get("tests"), suite.get("failures"), suite.get("errors"))
            """
        let run = try CompletedProcess.run(
            "/usr/bin/env", ["python3", "-c", script, junit],
            environment: ["PATH=\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin")", "HOME=/root"])
        return run.text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test("the report and the result are written when a bake passes, anew when it is cached, and when the spec fails")
    func passAndFail() throws {
        #expect(try job().status == 0)
        #expect(try counts() == "13 0 0")
        #expect(try document()["outcome"] == "made" && document()["generation"] == "small@1")
        let spec = try document()["spec"]
        #expect(spec?["passed"] == 13 && spec?["failed"] == 0 && spec?["junit"] == .string(junit))
        #expect(try document()["unmet"] == [] && document()["exit"] == 0 && document()["schema"] == "bake/build/1")
        let names = try document()["stages"]?.items?.compactMap { $0["name"]?.string }
        #expect(names == ["base", "site", "app", "image", "spec"])

        try FileManager.default.removeItem(atPath: junit)
        #expect(try job().status == 0)
        #expect(try counts() == "13 0 0")
        #expect(try document()["outcome"] == "stands" && document()["generation"] == "small@1")

        try small.git.commit(files: ["goss.yaml": "file:\n  /srv/none: { exists: true }\n"])
        let failed = try job()
        #expect(failed.status == 1 && failed.errors.contains("bake enter sha256:"))
        #expect(try counts() == "1 1 0")
        #expect(try document()["outcome"] == "failed" && document()["generation"] == .null)
        #expect(try document()["exit"] == 1 && document()["image"]?.string?.hasPrefix("sha256:") == true)
    }

    @Test("a stage that fails is told with its last lines, in the report, and in the result")
    func failedStage() throws {
        let pipeline = try String(contentsOfFile: "\(small.git.path)/bake.yaml", encoding: .utf8)
        try small.git.commit(files: [
            "bake.yaml": pipeline.replacing("mkdir dist", with: "echo so far >&2; ls /missing; mkdir dist")
        ])
        let failed = try job()
        #expect(failed.status == 1)
        #expect(failed.errors.contains("so far") && failed.errors.contains("/missing"))
        #expect(try counts() == "1 1 0" || counts() == "1 0 1")
        let states = try document()["stages"]?.items?.compactMap { $0["state"]?.string }
        #expect(states == ["ran", "failed", "skipped", "skipped", "skipped"])
    }

    @Test("a bad file and a missing commit leave a report and a result, too")
    func badInput() throws {
        try small.git.commit(files: ["bake.yaml": "stages: {}\n"])
        #expect(try job().status == 2)
        #expect(try document()["exit"] == 2 && document()["outcome"] == "failed")
        #expect(try counts() == "1 1 0" || counts() == "1 0 1")
        let missing = try small.bake("build", "--commit", "0123456", "--result", result)
        #expect(missing.status == 4)
        #expect(try document()["exit"] == 4)
    }

    @Test("an aborted job: exit 130, a result, no process, no file, no mount, no entry")
    func aborted() throws {
        let pipeline = try String(contentsOfFile: "\(small.git.path)/bake.yaml", encoding: .utf8)
        try small.git.commit(files: ["bake.yaml": pipeline.replacing("mkdir dist", with: "sleep 300; mkdir dist")])
        let child = try small.start(["build", "--result", result, "--junit", junit])
        for _ in 0..<1500 {
            if Processes.of(small.store).contains(where: { $0.contains("sleep") }) { break }
            usleep(20_000)
        }
        kill(child.id, SIGTERM)
        #expect(try child.wait() == .exited(130))
        #expect(try document()["exit"] == 130)
        // The stage that was ended is named, and not called failed.
        let states = try document()["stages"]?.items?.compactMap {
            "\($0["name"]?.string ?? "") \($0["state"]?.string ?? "")"
        }
        #expect(states?.prefix(2) == ["base ran", "site interrupted"], "\(states ?? [])")
        let report = try String(contentsOfFile: junit, encoding: .utf8)
        #expect(report.contains("name=\"site\"") && !report.contains("checkout"), "\(report)")
        #expect(Processes.of(small.store).isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(small.store)/tmp") == [])
        #expect(try !String(contentsOfFile: "/proc/mounts", encoding: .utf8).contains(small.store))
        #expect(try small.bake("log", "--builds").status == 4)
    }

    @Test("what the job says of itself is recorded, and told as a claim")
    func claims() throws {
        _ = try small.bake(["build"], environment: ["BUILD_TAG=jenkins-web-812", "GIT_URL=x"])
        try small.git.commit(files: ["e.yaml": "environments: { staging: {} }\n"])
        _ = try small.bake("env", "apply", "e.yaml")
        _ = try small.bake(["promote", "1", "staging", "--as", "bob"], environment: ["BUILD_TAG=jenkins-web-813"])
        let audit = try small.bake("audit", "staging")
        #expect(audit.output.contains("\"bob\" (claimed)") && audit.output.contains("jenkins-web-813 (claimed)"))
        let actor = try small.bake("audit", "staging", "--json").json()["spans"]?.items?.first?["actor"]
        #expect(actor?["uid"]?.number == Int64(getuid()) && actor?["job"]?["BUILD_TAG"] == "jenkins-web-813")
    }
}

/// Processes that have something to do with a store.
enum Processes {
    /// The command lines of those whose root, arguments or directory name the store, and of their sandboxes.
    static func of(_ store: String) -> [String] {
        let own = ProcessInfo.processInfo.processIdentifier
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap(Int32.init).filter { $0 != own }.compactMap { id in
            let mounts = (try? String(contentsOfFile: "/proc/\(id)/mountinfo", encoding: .utf8)) ?? ""
            let command = (try? String(contentsOfFile: "/proc/\(id)/cmdline", encoding: .utf8)) ?? ""
            return mounts.contains(store) ? command : nil
        }
    }
}
