import BakeModel
import BakeTestSupport
import Foundation
import LinuxSystem
import SigningFixtures
import Testing

/// The road to production with real keys, as people walk it.
@Suite struct GateTests {
    private let small: SmallRepository
    private let bench: SigningBench

    init() throws {
        small = try SmallRepository()
        bench = try SigningBench()
    }

    private func apply(_ rules: String) throws -> Screen {
        let people = ["alice", "bob", "carol"]
        let lines = try people.map { name in
            // The repository's author is hanako, and she is carol here; uid 4711 is nobody who runs tests.
            let names = name == "carol" ? "carol,hanako@bake.example,uid:\(getuid())" : name
            return "\(names) \(try bench.key(name).publicHalf)"
        }
        try small.git.write("allowed_signers", lines.joined(separator: "\n"))
        try small.git.write("baseline.yaml", "file:\n  /srv/page.txt: { exists: true }\n")
        try small.git.write(
            "policy.yaml",
            """
            signers: allowed_signers
            operators: [alice]
            environments:
              staging: { auto: [small] }
              production:
                after: staging
            \(rules)
            """)
        try small.git.commit("A policy")
        return try bake("env", "apply", "policy.yaml", "--sign", key("alice"))
    }

    private func key(_ name: String) -> String { "\(bench.directory)/\(name)" }

    private func bake(_ words: String...) throws -> Screen { try small.bake(words) }

    @Test("signed elsewhere or here, refused with every way on, promoted, and seen in the audit")
    func road() throws {
        _ = try bake("init")
        let applied = try apply(
            "    approve: { need: 1, by: [alice, bob], never: [author, promoter] }\n"
                + "    reason: \"CHG[0-9]{7}\"\n    spec: baseline.yaml\n")
        #expect(applied.status == 0, "\(applied.errors)")
        #expect(try bake("build").status == 0)
        let latest = try bake("audit", "--verify").output
        let dry = try bake("promote", "1", "production", "--dry-run")
        #expect(dry.status == 3)
        #expect(
            dry.errors.contains(
                "approve 1           unmet  0/1; needs 1 of alice, bob:  bake approve small@1 production"))
        #expect(dry.errors.contains("must match CHG[0-9]{7}:  bake promote small@1 production --reason"))
        #expect(dry.errors.contains("spec baseline.yaml  ok     1/1 passed"))
        #expect(dry.errors.hasSuffix("refused: 2 gates unmet\n"))
        #expect(try bake("audit", "--verify").output == latest, "a dry run writes no entry")
        #expect(try bake("approve", "1", "production", "--key", key("carol")).status == 3)
        #expect(try bake("approve", "1", "production", "--key", "/nonexistent").status == 2)
        let approved = try bake("approve", "1", "production", "--key", key("bob"))
        #expect(approved.output.hasPrefix("small:production  small@1 approved by bob (signed)"), "\(approved.errors)")
        let moved = try bake("promote", "1", "production", "--reason", "CHG1234567")
        #expect(moved.status == 0, "\(moved.errors)")
        #expect(try bake("audit", "production").output.contains("approved 1/1  bob (signed)"))
        #expect(try bake("audit", "--verify").status == 0)
    }

    @Test("a bundle across a change of the policy: each signature is checked with the people of its own time")
    func bundle() throws {
        _ = try bake("init")
        _ = try apply("    approve: { need: 1, by: [bob] }\n")
        _ = try bake("build")
        _ = try bake("approve", "1", "production", "--key", key("bob"))
        #expect(try bake("promote", "1", "production").status == 0)
        // Bob is given another key, and does not approve any more.
        let old = try String(contentsOfFile: "\(small.git.path)/allowed_signers", encoding: .utf8)
        let new = try bench.key("bob2").publicHalf
        let lines = old.split(separator: "\n").map { $0.hasPrefix("bob") ? "bob \(new)" : String($0) }
        try small.git.write("allowed_signers", lines.joined(separator: "\n"))
        let policy = try String(contentsOfFile: "\(small.git.path)/policy.yaml", encoding: .utf8)
        try small.git.write("policy.yaml", policy + "  later: { approve: { need: 1, by: [carol] } }\n")
        #expect(try bake("env", "apply", "policy.yaml", "--sign", key("alice")).status == 0)
        _ = try bake("approve", "1", "later", "--key", key("carol"))
        #expect(try bake("promote", "1", "later").status == 0)
        let place = "\(bench.directory)/bundle"
        #expect(try bake("audit", "--bundle", "small@1", "-o", "\(place).tar").status == 0)
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try ForeignTool.run("tar", ["-xf", "\(place).tar", "-C", place])
        let found = try ForeignTool.run("sh", ["\(place)/verify.sh"])
        for words in ["approve signed by bob of", "policy signed by alice of", "approve signed by carol of"] {
            #expect(found.contains(words), "\(found)")
        }
        #expect(found.contains("everything holds"))
        // With the people of today alone Bob's word is nobody's.
        let today = try CompletedProcess.run(
            "/bin/sh", ["\(place)/verify.sh"],
            environment: ["PATH=/usr/bin:/bin", "SIGNERS=\(small.git.path)/allowed_signers"], deadline: 60)
        #expect(!today.ending.succeeded && today.text.contains("is not signed by bob"), "\(today.text)")
    }

    @Test("--wait goes on as soon as somebody signs")
    func wait() throws {
        _ = try bake("init")
        _ = try apply("    approve: { need: 1, by: [bob] }\n")
        _ = try bake("build")
        let waiting = try small.start(["promote", "1", "production", "--wait", "1m"])
        usleep(500_000)
        #expect(try bake("status", "--json").output.contains("\"slot\":\"small:production\"") == false)
        _ = try bake("approve", "1", "production", "--key", key("bob"))
        #expect(try waiting.wait() == .exited(0))
        #expect(try bake("promote", "1", "production", "--wait", "soon").status == 2)
    }

    @Test("--wait runs a check that fails once, and waits")
    func waitForSpec() throws {
        _ = try bake("init")
        _ = try apply("    spec: baseline.yaml\n")
        try small.git.write("baseline.yaml", "file:\n  /srv/absent: { exists: true }\n")
        // A changed file would make a draft.
        try small.git.commit("A check that fails")
        #expect(try bake("env", "apply", "policy.yaml", "--sign", key("alice")).status == 0)
        #expect(try bake("build").status == 0)
        let count = { try #require(try bake("audit", "--verify", "--json").json()["entries"]?.number) }
        let before = try count()
        #expect(try bake("promote", "1", "production", "--wait", "3s").status == 3)
        #expect(try count() == before + 1)
    }

    @Test("past the gates: loud in every view until a second person signs")
    func brokenGlass() throws {
        _ = try bake("init")
        _ = try apply("    approve: { need: 1, by: [bob] }\n")
        _ = try bake("build")
        #expect(try bake("promote", "1", "production", "--break-glass", " ").status == 2)
        let broken = try bake("promote", "1", "production", "--break-glass", "site down")
        #expect(broken.status == 0 && broken.errors.contains("GLASS BROKEN: site down"))
        #expect(try bake("status").output.contains("GLASS BROKEN  small:production  small@1"))
        #expect(try bake("log").errors.contains("GLASS BROKEN"))
        let shown = try bake("show", "small@1").output
        #expect(shown.contains("  GLASS BROKEN  small:production  by "), "\(shown)")
        #expect(shown.contains(", open:  bake approve small@1 production\n"))
        #expect(try bake("audit", "production").output.contains("open: no second person signed"))
        // The one who broke it is carol, by her user number.
        #expect(try bake("approve", "1", "production", "--key", key("carol")).status == 3)
        #expect(try bake("approve", "1", "production", "--key", key("bob")).status == 0)
        #expect(try !bake("status").output.contains("GLASS BROKEN"))
        #expect(try !bake("show", "small@1").output.contains("GLASS BROKEN"))
        #expect(try bake("audit", "production").output.contains("settled in entry"))
    }

    @Test("a policy is signed by an operator; a rejected image goes nowhere and is seen where it stands")
    func rejected() throws {
        _ = try bake("init")
        _ = try apply("")
        #expect(try bake("env", "apply", "environments.yaml").status == 3)
        #expect(try bake("env", "apply", "nowhere.yaml").status == 4)
        #expect(try bake("env", "show", "prodution").status == 4)
        _ = try bake("build")
        #expect(try bake("promote", "1", "production").status == 0)
        #expect(try bake("reject", "1").status == 2)
        let rejected = try bake("reject", "1", "--reason", "leaks")
        // Nothing lies below it.
        #expect(rejected.errors.contains("still in small:production:  bake promote GENERATION production"))
        #expect(try bake("status").output.contains("REJECTED  small@1  still in small:production: leaks"))
        #expect(try bake("show", "1").output.contains("REJECTED  leaks"))
        #expect(try bake("freeze", "--all", "--until", "then").status == 2)
        #expect(try bake("freeze", "--environment", "staging", "--until", "2h", "--reason", "sale").status == 0)
        #expect(try bake("freeze").status == 2)
        #expect(try bake("thaw", "--environment", "staging").output.hasPrefix("staging  open"))
    }
}
