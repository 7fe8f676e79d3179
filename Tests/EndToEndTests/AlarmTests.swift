import BakeTestSupport
import Foundation
import GitFixtures
import Testing

/// What must not go unseen of an image that stands somewhere, in every view that names it.
@Suite struct AlarmTests {
    private let small: SmallRepository

    init() throws {
        small = try SmallRepository()
        for words in [
            ["init"], ["env", "apply", "environments.yaml"], ["build"], ["promote", "1", "production"],
        ] { #expect(try small.bake(words).status == 0, "\(words)") }
    }

    private func bake(_ words: String...) throws -> Screen { try small.bake(words) }

    @Test("a test that failed later is loud until the very same checks pass, whatever other checks found")
    func failedTest() throws {
        // The same bytes fail until this second, and pass from then on.
        let turn = Int(Date().timeIntervalSince1970) + 8
        try small.git.write(
            "late.yaml",
            "command: { \"test $(date +%s) -ge \(turn)\": { exec: \"test $(date +%s) -ge \(turn)\", exit-status: 0 } }\n"
        )
        try small.git.write("good.yaml", "file: { /srv/page.txt: { exists: true } }\n")
        let failed = try bake("test", "small@1", "late.yaml")
        let entry = try #require(failed.output.firstMatch(of: /entry [0-9]+/)?.output)
        #expect(failed.status == 1)
        #expect(try bake("test", "small@1", "good.yaml").status == 0)

        let words = "late.yaml 0/1 passed"
        #expect(
            try bake("show", "small@1").output.contains(
                "  TEST FAILED  \(words)  \(entry):  bake test small@1 late.yaml\n"))
        #expect(try bake("show", "small@1", "--json").json()["failed-tests"]?.items?.first?["name"] == "late.yaml")
        #expect(try bake("log").output.contains("TEST FAILED: \(words)"))
        let alarm =
            "TEST FAILED  small@1  still in small:production: \(words)  \(entry):  bake promote GENERATION production"
        #expect(try bake("status").output.contains(alarm))
        #expect(try bake("status", "--json").json()["failed-tests"]?.items?.count == 2)
        let audit = try bake("audit", "small:production")
        #expect(audit.output.contains("  TEST FAILED and still there: \(words)  \(entry)\n"), "\(audit.output)")
        #expect(try bake("audit", "small:production", "--csv").output.hasSuffix(",\(words)  \(entry)\n"))
        let span = try bake("audit", "small:production", "--json").json()["spans"]?.items?.first
        #expect(span?["failed-tests"]?.items?.first?["name"] == "late.yaml")
        let page = try bake("status", "--html", "-").output
        #expect(page.contains(alarm) && page.contains("spec 13/13 passed; TEST FAILED: \(words)"), "\(page)")

        Thread.sleep(until: Date(timeIntervalSince1970: Double(turn)))
        #expect(try bake("test", "small@1", "late.yaml").status == 0)
        for view in [
            ["show", "small@1"], ["log"], ["status"], ["audit", "small:production"], ["status", "--html", "-"],
        ] {
            let screen = try small.bake(view)
            #expect(screen.status == 0 && !screen.output.contains("TEST FAILED"), "\(view): \(screen.output)")
        }
    }

    @Test("every freeze that closes a slot is shown, and a thaw says what still closes it")
    func freezes() throws {
        #expect(try bake("freeze", "small:staging", "--until", "2h").status == 0)
        #expect(try bake("freeze", "--all", "--reason", "a fair").status == 0)
        let status = try bake("status").output
        #expect(status.contains(/small +1 +1 .*frozen until \S+Z; everything frozen: a fair/), "\(status)")
        let slots = try #require(try bake("status", "--json").json()["pipelines"]?.items?.first?["slots"]?.items)
        let staging = slots.first { $0["slot"] == "small:staging" }
        #expect(
            staging?["freezes"]?.items?.map { $0["thaw"]?.string } == ["bake thaw small:staging", "bake thaw --all"])

        let slot = try bake("thaw", "small:staging")
        #expect(slot.output.hasPrefix("small:staging  still closed  entry "), "\(slot.output)")
        #expect(slot.errors == "everything frozen: a fair:  bake thaw --all\n")
        // Nothing else closes everything, but one slot stays closed by itself.
        #expect(try bake("freeze", "small:production", "--reason", "audit").status == 0)
        let all = try bake("thaw", "--all")
        #expect(all.output.hasPrefix("everything  open  entry "), "\(all.output)")
        #expect(all.errors == "small:production frozen: audit:  bake thaw small:production\n")
        let last = try bake("thaw", "small:production")
        #expect(last.output.hasPrefix("small:production  open  entry ") && last.errors.isEmpty, "\(last)")
    }

    @Test("a clock that was behind is told of what it recorded")
    func clockBehind() throws {
        #expect(try !bake("audit", "small:production").output.contains("CLOCK BEHIND"))
        try small.commitPage("hello again")
        #expect(try bake("build").status == 0)
        let past = try small.bake(
            ["promote", "2", "production"], wrapper: ["/usr/bin/faketime", "2020-01-01 00:00:00"])
        #expect(past.status == 0, "\(past.errors)")
        let audit = try bake("audit", "small:production@{now}")
        #expect(audit.output.contains("  CLOCK BEHIND: it said 2020-01-01T00:00:"), "\(audit.output)")
        let span = try bake("audit", "small:production@{now}", "--json").json()["spans"]?.items?.first
        #expect(span?["clock"]?.string?.hasPrefix("2020-01-01T00:00:") == true)
        #expect(try bake("audit", "--acts", "--limit", "1").output.contains("  after 20"))
    }

    @Test("a rejection that cannot be read is damage, and no silence")
    func damagedRejection() throws {
        #expect(try bake("reject", "1", "--reason", "leaks").status == 0)
        #expect(try bake("audit", "--rejected").output.contains("REJECTED and still there: leaks"))
        try ForeignTool.run(
            "python3",
            [
                "-c",
                """
                import sqlite3, sys
                db = sqlite3.connect(sys.argv[1])
                db.execute("DROP TRIGGER entries_never_change")
                db.execute("UPDATE entries SET line = replace(line, 'leaks', 'peaks') WHERE line LIKE '%\\"rejection\\"%'")
                db.commit()
                """, "\(small.store)/ledger.sqlite",
            ])
        let screen = try bake("audit", "--rejected")
        #expect(screen.status == 5 && screen.errors.contains("is not what was written"), "\(screen)")
    }

    @Test("a policy that is none is named by its entry, with the way out, by whatever finds it")
    func damagedPolicy() throws {
        try LedgerForgery(store: small.store).append(copyOf: 2, replacing: "\"environments\"", with: "\"enviroments\"")
        for words in [["status"], ["audit", "--verify"]] {
            let screen = try small.bake(words)
            #expect(screen.status == 5 && screen.errors.contains("its body is no policy"), "\(screen)")
            #expect(
                screen.errors.contains("hint: a backup has what was written: bake restore DIR\n"), "\(screen.errors)")
        }
    }
}
