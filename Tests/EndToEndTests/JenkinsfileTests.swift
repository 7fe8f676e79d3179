import BakeTestSupport
import Foundation
import LinuxSystem
import Testing

/// The commands of Pipelines/jenkins/Jenkinsfile, run as its agent would. The pipeline around them is not: there is no Jenkins.
@Suite struct JenkinsfileTests {
    @Test("the shell steps of the Jenkinsfile work in their order")
    func steps() throws {
        let text = try String(
            contentsOf: Repository.root.appending(path: "Pipelines/jenkins/Jenkinsfile"), encoding: .utf8)
        let steps = text.matches(of: /sh '(.*)'/).map { String($0.output.1) }
        #expect(steps.count == 3)

        let small = try SmallRepository()
        _ = try small.bake("init")
        try small.git.commit(files: [
            "environments.yaml": "environments:\n  staging:\n  production: { after: staging }\n"
        ])
        #expect(try small.bake("env", "apply", "environments.yaml").status == 0)
        for step in steps {
            let run = try CompletedProcess.run(
                "/bin/sh", ["-ec", "bake() { \"$BAKE\" \"$@\"; }; \(step)"],
                environment: small.environment + [
                    "BAKE=\(small.bakePath)", "GIT_COMMIT=\(try small.git.git("rev-parse", "HEAD"))",
                    "GENERATION=small@1", "BUILD_TAG=jenkins-web-812", "APPROVER=alice", "REASON=CHG0000001",
                ], directory: small.git.path)
            #expect(run.ending.succeeded, "\(step): \(run.lastErrors)")
        }
        let result = try Screen.json(
            of: try String(contentsOfFile: "\(small.git.path)/bake-result.json", encoding: .utf8))
        #expect(result["generation"] == "small@1")
        #expect(try small.bake("audit", "production").output.contains("\"alice\" (claimed)"))
        #expect(try small.bake("status", "--json").output.contains("small:production"))
    }
}
