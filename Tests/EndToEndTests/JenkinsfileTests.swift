import BakeModel
import BakeTestSupport
import Foundation
import GitFixtures
import LinuxSystem
import Testing

/// The steps of Pipelines/jenkins/Jenkinsfile, run as an agent's `sh` step runs them: `/bin/sh -xe` in the workspace.
@Suite struct JenkinsfileTests {
    private let small: SmallRepository
    private let file: String
    private let tools: String

    init() throws {
        small = try SmallRepository()
        file = try String(contentsOf: Repository.root.appending(path: "Pipelines/jenkins/Jenkinsfile"), encoding: .utf8)
        tools = "\(small.git.directory.path)/tools"
        try FileManager.default.createDirectory(atPath: tools, withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(
            atPath: "\(tools)/bake", withDestinationPath: BuiltBake.program.path)
        _ = try small.bake("init")
        _ = try small.bake("env", "apply", "environments.yaml")
    }

    /// What stands in single quotes behind a step's name, in order.
    private func quoted(_ step: String) throws -> [String] {
        try file.matches(of: Regex("\\b\(step) '([^']*)'", as: (Substring, Substring).self)).map { String($0.output.1) }
    }

    private func step(_ command: String, _ environment: [String] = []) throws -> CompletedProcess {
        let variables = ["GIT_COMMIT=\(try small.git.git("rev-parse", "HEAD"))", "BUILD_TAG=jenkins-small-7"]
        return try CompletedProcess.run(
            "/bin/sh", ["-xe", "-c", command],
            environment: [
                "PATH=\(tools):/usr/bin:/bin", "HOME=\(small.git.directory.path)", "BAKE_STORE=\(small.store)",
            ] + variables + environment, directory: small.git.path)
    }

    private func written(_ step: String) throws -> String {
        let name = try #require(file.firstMatch(of: try Regex("\(step): '([^']*)'", as: (Substring, Substring).self)))
        return try String(contentsOfFile: "\(small.git.path)/\(name.output.1)", encoding: .utf8)
    }

    @Test("a job that passes: report and result lie where Jenkins looks, and the generation reaches production")
    func passes() throws {
        let steps = try quoted("sh")
        try #require(steps.count == 3)
        let bake = try step(steps[0])
        #expect(bake.ending.succeeded, "\(bake.lastErrors)")
        #expect(try written("testResults").contains("failures=\"0\""))
        let result = try Screen.json(of: try written("artifacts"))
        let generation = try #require(result["generation"]?.string)
        #expect(generation == "small@1")
        #expect(try written("file") == written("artifacts"), "the step that reads the name reads the same file")
        let staging = try step(steps[1], ["GENERATION=\(generation)"])
        #expect(staging.ending.succeeded, "\(staging.lastErrors)")
        let approved = ["GENERATION=\(generation)", "APPROVER=Bob O'Hara", "REASON=$(false) \"now\""]
        let production = try step(steps[2], approved)
        #expect(production.ending.succeeded, "\(production.lastErrors)")
        let audit = try small.bake("audit", "production").output
        #expect(audit.contains("\"Bob O'Hara\" (claimed)") && audit.contains("$(false)"))
    }

    @Test("a job that fails: the step fails, the report is there, and nothing is promoted")
    func fails() throws {
        try small.git.commit(files: ["goss.yaml": "file:\n  /srv/none: { exists: true }\n"])
        let bake = try step(try quoted("sh")[0])
        #expect(bake.ending == .exited(1))
        #expect(try written("testResults").contains("failures=\"1\""))
        #expect(try Screen.json(of: try written("artifacts"))["generation"] == .null)
        #expect(try small.bake("audit", "small:staging").status == 4)
    }

    @Test("the same job again: the generation stands, and promotion is nothing to do")
    func again() throws {
        let steps = try quoted("sh")
        for _ in 1...2 {
            #expect(try step(steps[0]).ending.succeeded)
            #expect(try step(steps[1], ["GENERATION=small@1"]).ending.succeeded)
        }
        let spans = try small.bake("audit", "small:staging", "--json").json()["spans"]?.items
        #expect(spans?.count == 1)
    }
}
