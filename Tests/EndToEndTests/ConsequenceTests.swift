import BakeModel
import BakeTestSupport
import Foundation
import SigningFixtures
import Testing

/// What an act did, what it did not count for and what it blocks is said by the act itself.
@Suite struct ConsequenceTests {
    private let small: SmallRepository
    private let bench: SigningBench
    private let publicHalves: [String]

    init() throws {
        small = try SmallRepository()
        let bench = try SigningBench()
        self.bench = bench
        publicHalves = try ["alice", "bob", "bob2"].map { try bench.key($0).publicHalf }
    }

    /// Alice is the author of every commit, and neither she nor Bob is the user who runs the tests.
    private func apply(_ rules: String, _ words: String...) throws -> Screen {
        try small.git.write(
            "allowed_signers",
            "alice,hanako@bake.example \(publicHalves[0])\nbob \(publicHalves[1])\n")
        try small.git.write(
            "policy.yaml",
            "signers: allowed_signers\nenvironments:\n  staging: { auto: [small] }\n  production: { \(rules) }\n")
        return try small.bake(["env", "apply", "policy.yaml"] + words)
    }

    private func bake(_ words: String...) throws -> Screen { try small.bake(words) }
    private func key(_ name: String) -> String { "\(bench.directory)/\(name)" }

    private func store(_ rules: String) throws {
        #expect(try bake("init").status == 0)
        #expect(try apply(rules).status == 0)
        try small.git.commit("A policy")
        #expect(try bake("build").status == 0)
    }

    @Test("a failed test says what it closes and what lifts that; the same bytes lift it, a corrected file does not")
    func failedTest() throws {
        try store("approve: { need: 1, by: [bob] }")
        #expect(try bake("approve", "1", "production", "--key", key("bob")).status == 0)
        try small.git.write("extra.yaml", "file: { /srv/absent: { exists: true } }\n")
        let dry = try bake("test", "small@1", "extra.yaml", "--dry-run")
        #expect(dry.status == 1 && !dry.errors.contains("closed to this image"), "\(dry.errors)")
        let failed = try bake("test", "small@1", "extra.yaml")
        #expect(failed.status == 1)
        #expect(failed.errors.contains("production: closed to this image until these very checks, sha256:"))
        #expect(failed.errors.contains("pass on it:  bake test small@1 extra.yaml\n"), "\(failed.errors)")
        #expect(failed.errors.contains("production: what was signed for this image before counts no more"))
        #expect(failed.errors.contains("still in small:staging:  bake promote GENERATION staging\n"))
        #expect(!failed.errors.contains("staging: closed"), "staging has no gate that looks at tests")
        try small.git.write("extra.yaml", "file: { /srv/page.txt: { exists: true } }\n")
        let passed = try bake("test", "small@1", "extra.yaml")
        #expect(passed.status == 0 && !passed.errors.contains("closed to this image"))
        let refused = try bake("promote", "1", "production")
        let digest = try #require(failed.errors.firstMatch(of: /sha256:[0-9a-f]{12}/)?.output)
        #expect(refused.status == 3 && refused.errors.contains("these very checks, \(digest), must pass:  bake test"))
        #expect(refused.errors.contains("a corrected file is another spec (--break-glass goes past it)"))
    }

    @Test("approve counts aloud: an author's signature, a second one with another reason, what is still missing")
    func approvals() throws {
        try store("approve: { need: 1, by: [alice, bob], never: [author] }")
        let author = try bake("approve", "1", "production", "--key", key("alice"))
        let doubt = "alice's signature does not count as things are: author of "
        #expect(author.errors.contains(doubt), "\(author.errors)")
        #expect(author.errors.contains("approve 1  unmet  0/1; needs 1 of bob"))
        let good = try bake("approve", "1", "production", "--key", key("bob"), "--reason", "looks fine")
        #expect(!good.errors.contains("does not count as things are"))
        #expect(good.errors.contains("approve 1  ok  1/1  bob (signed)"), "\(good.errors)")
        let again = try bake("approve", "1", "production", "--key", key("bob"), "--reason", "on second thoughts")
        let entry = try #require(good.output.firstMatch(of: /entry [0-9]+/)?.output)
        #expect(again.output.hasSuffix("signed already in \(entry)\n"), "\(again.output)")
        #expect(again.errors.contains("this reason was not recorded: the signature of \(entry) stands"))
        #expect(try bake("audit", "--acts", "--limit", "1").output.hasSuffix("\"looks fine\"\n"))
        #expect(try bake("promote", "1", "production").status == 0)
        #expect(try bake("audit", "small:production").output.contains("  \(entry) \"looks fine\"\n"))
        let rows = try bake("audit", "small:production", "--csv").output.split(separator: "\n")
        #expect(rows.first?.hasSuffix(",gates,approvers,failed_tests,rejected,clock") == true)
        #expect(rows.last?.hasSuffix(",approve 1 ok,bob (signed) \(entry),,,") == true, "\(rows)")
    }

    @Test("a look at broken glass is told from an approval")
    func glass() throws {
        try store("approve: { need: 1, by: [bob] }")
        let broken = try bake("promote", "1", "production", "--break-glass", "site down")
        let move = try #require(broken.output.firstMatch(of: /entry [0-9]+/)?.output)
        // Nobody knows the user who broke it, so two look.
        let first = try bake("approve", "1", "production", "--key", key("alice"))
        #expect(first.errors.contains("nobody knows who broke the glass of \(move), so another person signs too"))
        let second = try bake("approve", "1", "production", "--key", key("bob"))
        #expect(second.errors.contains("the broken glass of \(move) is settled"), "\(second.errors)")
        #expect(second.errors.contains("and no approval: another promotion of it needs its own\n"))
        #expect(second.errors.contains("approve 1  unmet  0/1; needs 1 of bob:  bake approve small@1 production"))
    }

    @Test("after a rollback: status names the move that brought it back, the audit the one whose gates let it in")
    func rollback() throws {
        try store("approve: { need: 1, by: [bob] }, reason: CHG")
        #expect(try bake("approve", "1", "production", "--key", key("bob")).status == 0)
        let promoted = try bake("promote", "1", "production", "--reason", "CHG1", "--json").json()["entry"]?.number
        let first = try #require(promoted)
        try small.commitPage("hello again")
        #expect(try bake("build").status == 0)
        #expect(try bake("promote", "2", "production", "--break-glass", "hurry").status == 0)
        let returned = try bake("rollback", "production", "--json").json()["entry"]?.number
        let slots = try #require(try bake("status", "--json").json()["pipelines"]?.items?.first?["slots"]?.items)
        let production = try #require(slots.first { $0["slot"]?.string == "small:production" })
        #expect(production["entry"]?.number == returned && returned != nil)
        let audit = try bake("audit", "production@{now}")
        #expect(audit.output.contains("let in by the gates of entry \(first): promoted "), "\(audit.output)")
        #expect(audit.output.contains("\"CHG1\"\n    approved 1/1  bob (signed)"), "\(audit.output)")
        let span = try #require(try bake("audit", "production@{now}", "--json").json()["spans"]?.items?.first)
        #expect(span["admission"]?["entry"]?.number == first)
        #expect(span["entry"]?.number == returned)
    }

    @Test("a rejected image bakes with an alarm, in every form; the help says that it is for good")
    func rejected() throws {
        try store("after: staging")
        #expect(try bake("reject", "1", "--reason", "leaks").status == 0)
        for words in [["build"], ["build", "-q"]] {
            let again = try small.bake(words)
            #expect(again.status == 0 && again.errors.contains("REJECTED  this image was rejected in entry "))
            #expect(again.errors.contains(": leaks"))
        }
        #expect(try bake("build", "--json").json()["rejected"]?["reason"]?.string == "leaks")
        #expect(try bake("reject", "--help").output.contains("A rejection is for good"))
    }

    @Test("an older commit baked again gets a number, and the environment that does not take it says why")
    func olderCommit() throws {
        try store("after: staging")
        try small.commitPage("hello again")
        #expect(try bake("build").status == 0)
        let older = try bake("build", "--commit", "HEAD~1")
        #expect(older.output.hasPrefix("small@3  "), "\(older.output)")
        #expect(older.errors.contains("staging not promoted: it had this very image before as small@1, entry "))
        #expect(older.errors.contains(":  bake rollback small:staging small@1"), "\(older.errors)")
        #expect(try bake("rollback", "small:staging", "small@1").status == 0)
    }

    @Test("what a policy changes is shown before it is in force, and afterwards among the acts")
    func policy() throws {
        try store("soak: 1h, approve: { need: 2, by: [alice, bob] }")
        let dry = try apply("approve: { need: 1, by: [alice, bob] }, keep: 3", "--dry-run")
        let lines = [
            "  production  approve  2 of alice, bob -> 1 of alice, bob", "  production  keep  none -> 3",
            "  production  soak  1h -> none",
        ]
        #expect(dry.errors == lines.joined(separator: "\n") + "\n", "\(dry.errors)")
        #expect(try bake("env", "apply", "policy.yaml").errors == dry.errors)
        let acts = try bake("audit", "--acts", "--limit", "1").output
        #expect(acts.hasSuffix("policy\n\(lines.joined(separator: "\n"))\n"), "\(acts)")
        #expect(try bake("status", "--html", "-").output.contains("2 of alice, bob -&gt; 1 of alice, bob"))
        // Another key for Bob is seen, although he has the same name.
        let text = try String(contentsOfFile: "\(small.git.path)/allowed_signers", encoding: .utf8)
        let other = text.replacing(publicHalves[1], with: publicHalves[2])
        try small.git.write("allowed_signers", other)
        let swapped = try bake("env", "apply", "policy.yaml", "--dry-run")
        #expect(swapped.errors.contains("signers  bob  SHA256:"), "\(swapped.errors)")
        let fingerprint = try ForeignTool.run("ssh-keygen", ["-lf", "\(bench.directory)/bob2.pub"])
        let shown = try #require(fingerprint.firstMatch(of: /SHA256:[A-Za-z0-9+\/]+/)?.output)
        #expect(swapped.errors.contains("-> \(shown)\n"), "\(swapped.errors)")
        // So is what bounds a key.
        let bounded = text.replacing("bob ssh-", with: "bob valid-before=\"20990101\" ssh-")
        try small.git.write("allowed_signers", bounded)
        let bound = try bake("env", "apply", "policy.yaml", "--dry-run").errors
        #expect(bound.contains("(valid-before=\"20990101\")\n"), "\(bound)")
    }

    @Test("a commit that nobody knows is not found; one that was baked was never promoted")
    func commits() throws {
        #expect(try bake("init").status == 0)
        #expect(try bake("build").status == 0)
        let head = try ForeignTool.run("git", ["-C", small.git.path, "rev-parse", "HEAD"]).prefix(12)
        let known = try bake("audit", "--commit", String(head))
        #expect(known.status == 0 && known.output == "was never promoted anywhere\n")
        let unknown = try bake("audit", "--commit", "deadbeef")
        #expect(unknown.status == 4 && unknown.errors.contains("no generation was made of such a commit"))
        #expect(try bake("audit", "--package", "openssl").errors.contains("no dpkg"), "busybox has no dpkg")
    }

    @Test("a fresh store has no generations to make excuses for")
    func freshStore() throws {
        try small.git.write("none", "")
        #expect(try small.bake(["init"]).status == 0)
        let asked = try bake("audit", "--package", "openssl")
        #expect(asked.output == "no generation has openssl\n" && asked.errors == "", "\(asked.errors)")
    }
}
