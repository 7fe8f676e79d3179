import BakeModel
import BakeTestSupport
import Foundation
import GitFixtures
import Testing

/// `require: [provenance]`: what opens a gate is signed by a builder, or does not count. Writing the store is no authority.
@Suite struct SignedFindingTests {
    private let small: SmallRepository
    private var directory: String { small.git.directory.path }
    private var forgery: LedgerForgery { LedgerForgery(store: small.store) }
    private var builder: [String] { ["--key", "\(directory)/ci.key"] }

    init() throws {
        small = try SmallRepository()
        for name in ["ci", "thief"] { _ = try small.bake("key", "new", "\(directory)/\(name).key") }
        try FileManager.default.copyItem(atPath: "\(directory)/ci.key.pub", toPath: "\(small.git.path)/ci.pub")
    }

    private func bake(_ words: String...) throws -> Screen { try small.bake(words) }

    /// A store whose production wants what builders signed, and a generation that one of them baked.
    private func store(_ rules: String) throws {
        try small.git.write("baseline.yaml", "file: { /srv/page.txt: { exists: true } }\n")
        try small.git.commit(files: [
            "policy.yaml":
                "builders: [ci.pub]\nenvironments: { staging: {}, production: { \(rules) } }\n"
        ])
        for words in [["init"], ["env", "apply", "policy.yaml"], ["build"] + builder] {
            let screen = try small.bake(words)
            #expect(screen.status == 0, "\(words): \(screen)")
        }
    }

    @Test("the operator's checks and a rebake count where a builder signed them, and for nobody else's word")
    func signed() throws {
        try store("require: [rebaked, provenance], spec: baseline.yaml")
        let dry = try bake("promote", "1", "production", "--dry-run")
        #expect(
            dry.status == 3 && dry.errors.contains("baseline.yaml  unmet  1/1 passed, and no builder would sign it"))
        // Without a key the checks pass, and so does the rebake, and neither counts.
        #expect(try bake("rebake", "1").status == 0)
        let unsigned = try bake("promote", "1", "production")
        #expect(
            unsigned.status == 3 && unsigned.errors.contains("provenance          ok     signed by ci.pub"),
            "\(unsigned)")
        #expect(unsigned.errors.contains("unmet  1/1 passed, which no builder signed, entry "), "\(unsigned)")
        #expect(unsigned.errors.contains(":  bake promote small@1 production --key KEY\n"))
        #expect(unsigned.errors.contains("unmet  same, which no builder signed, entry "), "\(unsigned)")
        #expect(unsigned.errors.contains(":  bake rebake small@1 --key KEY\n"))
        // A stranger's key is no builder's.
        #expect(try bake("rebake", "1", "--key", "\(directory)/thief.key").status == 0)
        #expect(try bake("promote", "1", "production", "--key", "\(directory)/thief.key").status == 3)
        #expect(try small.bake(["rebake", "1"] + builder).status == 0)
        #expect(try small.bake(["promote", "1", "production", "--dry-run"] + builder).status == 0)
        let moved = try small.bake(["promote", "1", "production"] + builder)
        #expect(moved.status == 0 && moved.errors.contains(#/rebaked +ok +same, /#), "\(moved)")

        #expect(try bake("evidence", "small@1", "rebake").output.contains("\"passedTests\":[\"rebake same\"]"))
        let listed = try bake("evidence", "small@1").output
        #expect(listed.contains(#/verdict +signed by [0-9a-f]{12} +sha256:[0-9a-f]{64} +entry [0-9]+\n/#), "\(listed)")
        let kinds = try bake("evidence", "small@1", "--json").json()["statements"]?.items?
            .filter { $0["entry"] != nil }.map { $0["kind"]?.string }
        #expect(kinds == ["rebake", "rebake", "verdict"])
        #expect(try bake("audit", "--verify").status == 0)
        let trust = "\(directory)/trust"
        try FileManager.default.createDirectory(atPath: trust, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: "\(directory)/ci.key.pub", toPath: "\(trust)/ci.pub")
        let trusted = try bake("audit", "--verify", "--trust", trust)
        // The thief rebaked; the checks had passed by then, and are not run again for whoever is no builder.
        #expect(
            trusted.status == 0 && trusted.errors.contains("1 signature of keys that are not trusted"), "\(trusted)")
    }

    @Test("a signed pass that is copied behind a failure lifts nothing: it names the test before it")
    func replayed() throws {
        try store("require: [provenance], after: staging")
        let turn = Int(Date().timeIntervalSince1970) + 15
        try small.git.write(
            "late.yaml", "command: { age: { exec: \"test $(date +%s) -lt \(turn)\", exit-status: 0 } }\n")
        let passed = try small.bake(["test", "small@1", "late.yaml", "--json"] + builder)
        let entry = try #require(try passed.json()["entry"]?.number)
        #expect(passed.status == 0)
        #expect(try bake("promote", "1", "staging").status == 0)
        #expect(try bake("promote", "1", "production", "--dry-run").status == 0)
        Thread.sleep(until: Date(timeIntervalSince1970: Double(turn) + 1))
        #expect(try small.bake(["test", "small@1", "late.yaml"]).status == 1)
        #expect(try bake("promote", "1", "production").status == 3, "a failure counts whoever says it")
        try forgery.append(copyOf: entry)
        let refused = try bake("promote", "1", "production")
        #expect(
            refused.status == 3 && refused.errors.contains("they passed, which no builder signed, entry "), "\(refused)"
        )
    }

    @Test("a pass that no builder signed lifts no alarm where theirs alone counts, and lifts it elsewhere")
    func unsignedPass() throws {
        try store("require: [provenance], after: staging")
        for environment in ["staging", "production"] {
            #expect(try bake("promote", "1", environment).status == 0)
        }
        let turn = Int(Date().timeIntervalSince1970) + 6
        try small.git.write(
            "early.yaml", "command: { age: { exec: \"test $(date +%s) -ge \(turn)\", exit-status: 0 } }\n")
        #expect(try bake("test", "small@1", "early.yaml").status == 1)
        let places = { try bake("status").output.matches(of: #/TEST FAILED .* still in (\S+):/#).map { $0.output.1 } }
        #expect(try places() == ["small:production", "small:staging"])
        Thread.sleep(until: Date(timeIntervalSince1970: Double(turn) + 1))
        #expect(try bake("test", "small@1", "early.yaml").status == 0)
        #expect(try places() == ["small:production"])
        let words = #/early\.yaml 0/1 passed  entry \d+ \(passed since in entry \d+, which no builder signed\)/#
        let seen: [[String]] = [
            ["status"], ["show", "small@1"], ["log", "small"], ["audit", "small:production"],
            ["status", "--html", "-"],
        ]
        for command in seen {
            let screen = try small.bake(command)
            #expect(screen.output.contains(words), "\(command): \(screen)")
        }
        #expect(try bake("show", "small@1").output.contains("bake test small@1 early.yaml --key KEY"))
        #expect(try !bake("audit", "small:staging").output.contains("TEST FAILED"))
        #expect(try small.bake(["test", "small@1", "early.yaml"] + builder).status == 0)
        for command in seen { #expect(try !small.bake(command).output.contains("TEST FAILED"), "\(command)") }
    }

    @Test("how one generation was made is not said of another pipeline's, nor of a draft that got a number")
    func otherPipeline() throws {
        try store("require: [provenance]")
        let entries = try bake("audit", "--export").output.split(separator: "\n")
        let made = try #require(entries.firstIndex { $0.contains("\"kind\":\"generation\"") })
        try forgery.append(copyOf: Int64(made + 1), replacing: "\"small@1\"", with: "\"worker@1\"")
        let other = try bake("promote", "worker@1", "production")
        #expect(other.status == 3, "\(other)")
        #expect(other.errors.contains("unmet  what is signed is about another image, commit or pipeline"), "\(other)")

        try small.git.write("src/page.txt", "hello draft\n")
        let draft = try small.bake(["build", "--draft", "-q"] + builder)
        #expect(draft.status == 0, "\(draft)")
        let name = draft.output.dropLast()
        let export = try bake("audit", "--export").output.split(separator: "\n")
        let drawn = try #require(
            export.firstIndex { $0.contains("\"kind\":\"generation\"") && $0.contains("\"\(name)\"") })
        try forgery.append(copyOf: Int64(drawn + 1), replacing: "\"\(name)\"", with: "\"small@2\"")
        let numbered = try bake("promote", "small@2", "production")
        #expect(numbered.status == 3, "\(numbered)")
        #expect(
            numbered.errors.contains("unmet  what is signed is about another image, commit or pipeline"), "\(numbered)")
        #expect(try bake("promote", "small@1", "production").status == 0)
    }

    @Test("a bundle has what was signed of later tests and rebakes, and its recipe checks it")
    func bundle() throws {
        try store("require: [rebaked, provenance], spec: baseline.yaml")
        #expect(try small.bake(["rebake", "1"] + builder).status == 0)
        #expect(try small.bake(["promote", "1", "production"] + builder).status == 0)
        let place = "\(directory)/bundle"
        #expect(try bake("audit", "--bundle", "small@1", "-o", "\(place).tar").status == 0)
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try ForeignTool.run("tar", ["-xf", "\(place).tar", "-C", place])
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(place)/statements")
        #expect(names.contains { $0.hasPrefix("rebake-") } && names.contains { $0.hasPrefix("verdict-") }, "\(names)")
        try ForeignTool.run("sh", ["verify.sh", "\(directory)/ci.key.pub"], directory: place)
        // The layout names them, too.
        let index = try String(contentsOfFile: "\(small.store)/index.json", encoding: .utf8)
        #expect(index.contains("\"small@1.rebake.") && index.contains("\"small@1.verdict."))
        #expect(try bake("fsck").status == 0)
    }

    @Test("the key of a test of a directory is a mistake: nothing is recorded that it could sign")
    func directoryTest() throws {
        let screen = try bake("test", "--root", "/", "goss.yaml", "--key", "ci.key")
        #expect(screen.status == 2 && screen.errors.contains("nothing is of a directory"), "\(screen)")
    }
}
