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
        let turn = Int(Date().timeIntervalSince1970) + 20
        try small.git.write(
            "late.yaml",
            "command: { \"test $(date +%s) -ge \(turn)\": { exec: \"test $(date +%s) -ge \(turn)\", exit-status: 0 } }\n"
        )
        try small.git.write("good.yaml", "file: { /srv/page.txt: { exists: true } }\n")
        let quiet = try bake("test", "small@1", "late.yaml", "-q", "--json")
        #expect(
            try quiet.json()["standing"]?.items?.map(\.string) == ["small:production", "small:staging"], "\(quiet)")
        #expect(quiet.errors.contains("still in small:production:  "))
        let failed = try bake("test", "small@1", "late.yaml")
        let entry = try #require(failed.output.firstMatch(of: /entry [0-9]+/)?.output)
        #expect(failed.status == 1)
        // Where it stands is said at once, with the way out, and loudly.
        let standing = "still in small:staging:  bake promote GENERATION staging\n"
        #expect(failed.errors.contains("still in small:production:  bake promote GENERATION production\n"))
        #expect(failed.errors.contains(standing), "\(failed.errors)")
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
        #expect(try bake("audit", "small:production", "--csv").output.hasSuffix(",\(words)  \(entry),,\n"))
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

    @Test("where no gate asks for tests an image that fails one is moved, and loudly so, in a dry run, too")
    func failedTestWithoutGates() throws {
        try small.git.write("environments.yaml", "environments: { staging: {}, preview: {}, spare: {} }\n")
        #expect(try bake("env", "apply", "environments.yaml").status == 0)
        try small.git.write("bad.yaml", "file: { /nope: { exists: true } }\n")
        let failed = try bake("test", "small@1", "bad.yaml")
        let entry = try #require(failed.output.firstMatch(of: /entry [0-9]+/)?.output)
        let alarm =
            "TEST FAILED  small@1  in small:preview: bad.yaml 0/1 passed  \(entry):  bake test small@1 bad.yaml\n"
        for more in [["--dry-run"], ["-q"], ["--json"]] {
            let moved = try small.bake(["promote", "1", "preview"] + more)
            #expect(moved.status == 0 && moved.errors.contains(alarm), "\(moved)")
        }
        try small.commitPage("hello again")
        #expect(try bake("build").status == 0)
        #expect(try bake("promote", "2", "preview").errors.contains("TEST FAILED") == false)
        let back = try bake("rollback", "small:preview")
        #expect(back.status == 0 && back.errors.contains(alarm), "\(back)")
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

    @Test("a freeze by a clock that was ahead says so, before and after the correction, and a thaw ends it at once")
    func freezeAhead() throws {
        let ahead = try small.bake(
            ["freeze", "small:production", "--until", "2h"], wrapper: ["/usr/bin/faketime", "+400 days"])
        #expect(ahead.status == 0, "\(ahead)")
        let freeze = {
            try bake("status", "--json").json()["pipelines"]?.items?.first?["slots"]?.items?
                .first { $0["slot"] == "small:production" }?["freezes"]?.items?.first
        }
        let early = try #require(try freeze()?["doubt"]?.string)
        #expect(
            early.hasPrefix("made at 2")
                && early.hasSuffix("which is still to come: that clock was ahead, or this one is behind"))
        #expect(try bake("status").output.contains("Z (\(early))"))
        #expect(try bake("env", "clock", "--reason", "a wrong clock").status == 0)
        let late = try #require(try freeze()?["doubt"]?.string)
        #expect(late.hasPrefix("made by a clock that was ahead: it said 2"), "\(late)")
        #expect(try bake("promote", "1", "production", "--dry-run").status == 0, "it is there already")
        let thaw = try bake("thaw", "small:production")
        #expect(thaw.status == 0 && thaw.output.hasPrefix("small:production  open  entry "), "\(thaw)")
        #expect(try freeze() == nil)
        // One whose clock was right says nothing.
        #expect(try bake("freeze", "small:production", "--until", "2h").status == 0)
        #expect(try freeze()?["doubt"] == nil)
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
        #expect(try bake("audit", "--acts", "--csv", "--limit", "1").output.hasSuffix(",after\n"))
        let rows = try bake("audit", "small:production", "--csv").output.split(separator: "\n")
        #expect(rows.first?.hasSuffix(",clock") == true && rows.count == 3)
        #expect(rows[1].hasSuffix(",,,"), "the first move's clock was right: \(rows)")
        #expect(
            rows[2].contains(",CLOCK BEHIND: it said 2020-01-01T00:00:")
                || rows[2].contains(",\"CLOCK BEHIND: it said 2020-01-01T00:00:"))
    }

    @Test("a rejection that cannot be read is damage, and no silence")
    func damagedRejection() throws {
        #expect(try bake("reject", "1", "--reason", "leaks").status == 0)
        #expect(try bake("audit", "--rejected").output.contains("REJECTED and still there: leaks"))
        let row = try bake("audit", "small:production", "--csv").output
        #expect(row.contains(",failed_tests,rejected,clock\n"))
        #expect(row.firstMatch(of: /,,leaks  entry [0-9]+,\n$/) != nil, "\(row)")
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
