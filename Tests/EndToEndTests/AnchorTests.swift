import BakeModel
import BakeTestSupport
import Foundation
import GitFixtures
import Testing

/// Checkpoints outside the store: a history that was written anew is found out by them alone.
@Suite struct AnchorTests {
    private let small: SmallRepository
    private var directory: String { small.git.directory.path }
    private var anchor: String { "\(directory)/anchor" }
    private var forgery: LedgerForgery { LedgerForgery(store: small.store) }

    init() throws { small = try SmallRepository() }

    private func bake(_ words: String...) throws -> Screen { try small.bake(words) }

    /// A store with a policy that anchors, and a generation that went to production.
    private func history(anchoredBy place: String) throws {
        try small.git.write("policy.yaml", "anchor: \(place)\nenvironments: { staging: {}, production: {} }\n")
        for words in [["init"], ["build"], ["env", "apply", "policy.yaml"], ["promote", "1", "staging"]] {
            let screen = try small.bake(words)
            #expect(screen.status == 0 && !screen.errors.contains("ANCHORED"), "\(words): \(screen.errors)")
        }
        #expect(try bake("promote", "1", "production").errors.contains("ANCHORED") == false)
    }

    private func latest() throws -> Int64 {
        try #require(try bake("audit", "--verify", "--json").json()["entries"]?.number)
    }

    @Test("a store written anew, cut off, or with its policy's anchor taken away is caught by the file alone")
    func file() throws {
        try history(anchoredBy: "{ file: \"\(anchor)\" }")
        let end = try latest()
        let sound = try bake("audit", "--verify")
        #expect(sound.status == 0 && sound.errors.contains("every entry is vouched for"), "\(sound.errors)")
        // The first move is entry 5: store, generation, build, policy came before.
        try ForeignTool.run("cp", ["-a", small.store, "\(directory)/kept"])
        try forgery.rewrite(entry: 5)
        let anew = try bake("audit", "--verify", "--against", anchor)
        #expect(anew.status == 5, "\(anew.output)")
        // The policy's checkpoint vouches for 1 to 4, so the change is behind it.
        #expect(anew.output.contains("it is not the entry that a checkpoint knows"), "\(anew.output)")
        #expect(try bake("audit", "--verify").status == 5, "without words as well: the policy names the place")
        let move = try bake("rollback", "small:production")
        #expect(move.status == 4, "nothing lies below: \(move.errors)")
        let told = try bake("freeze", "--all")
        #expect(told.status == 0 && told.errors.contains("this ledger was written anew"), "\(told.errors)")
        #expect(told.errors.contains("NOT ANCHORED"))

        try ForeignTool.run("rm", ["-r", small.store])
        try ForeignTool.run("cp", ["-a", "\(directory)/kept", small.store])
        try forgery.cutOff(from: end)
        let cut = try bake("audit", "--verify", "--against", anchor)
        #expect(cut.status == 5 && cut.output.contains("its end was cut off"), "\(cut.output)")
        #expect(try bake("audit", "--anchor").status == 5, "nothing is put behind what conflicts")
    }

    @Test("the place that a policy leaves learns of that: to cut the change off is found there")
    func moved() throws {
        try history(anchoredBy: "{ file: \"\(anchor)\" }")
        let end = try latest()
        try small.git.write(
            "policy.yaml", "anchor: { file: \"\(anchor).new\" }\nenvironments: { staging: {}, production: {} }\n")
        #expect(try bake("env", "apply", "policy.yaml").errors.contains("ANCHORED") == false)
        #expect(try bake("freeze", "--all").errors.contains("ANCHORED") == false)
        #expect(try bake("audit", "--verify").errors.contains("every entry is vouched for"))
        try forgery.cutOff(from: end + 1)
        let cut = try bake("audit", "--verify")
        #expect(cut.status == 5 && cut.output.contains("its end was cut off"), "\(cut)")
    }

    @Test("an anchor that cannot be written is loud, undoes nothing, and is made good by the next move")
    func unreachable() throws {
        try history(anchoredBy: "{ file: \"\(anchor)\" }")
        try FileManager.default.moveItem(atPath: anchor, toPath: "\(anchor).away")
        let lost = try bake("freeze", "--all")
        #expect(lost.status == 0 && lost.output.contains("frozen"))
        #expect(lost.errors.contains("NOT ANCHORED") && lost.errors.contains("No such file"), "\(lost.errors)")
        let missing = try bake("audit", "--verify")
        #expect(missing.status == 5 && missing.output.contains("ledger  anchor  what is kept at \(anchor)"))
        try FileManager.default.moveItem(atPath: "\(anchor).away", toPath: anchor)
        let behind = try bake("audit", "--verify")
        #expect(behind.status == 0 && behind.errors.contains("the 1 behind them are not"), "\(behind.errors)")
        #expect(try bake("thaw", "--all").errors == "")
        #expect(try bake("audit", "--verify").errors.contains("every entry is vouched for"))
        // A writer that power left in the middle.
        let text = try String(contentsOfFile: anchor, encoding: .utf8)
        try (text + text.prefix(60)).write(toFile: anchor, atomically: false, encoding: .utf8)
        #expect(try bake("audit", "--verify").status == 0)
        #expect(try bake("freeze", "--all").errors == "")
        #expect(try bake("audit", "--verify").errors.contains("every entry is vouched for"))
    }

    /// Everything by which a generation gets into an environment, and what it says where the anchor contradicts the ledger.
    private func refusals(saying reason: String) throws {
        for words in [
            ["promote", "2", "production"], ["promote", "2", "production", "--dry-run"],
            ["promote", "2", "production", "--break-glass", "site down"],
        ] {
            let screen = try small.bake(words)
            #expect(screen.status == 5 && screen.errors.contains(reason), "\(words): \(screen)")
            #expect(screen.errors.hasPrefix("bake: cannot promote against ") && screen.errors.contains("nothing moved"))
            #expect(screen.errors.contains("hint: bake audit --verify") && screen.errors.contains("another anchor"))
        }
        #expect(try bake("audit", "production", "--json").json()["spans"]?.items?.count == 1)
    }

    @Test("nothing is promoted in a store that its anchor contradicts, by hand or by the policy, until an anchor fits")
    func contradicted() throws {
        try history(anchoredBy: "{ file: \"\(anchor)\" }")
        try small.commitPage("hello again")
        #expect(try bake("build").status == 0)
        let end = try latest()
        try ForeignTool.run("cp", ["-a", small.store, "\(directory)/kept"])
        try forgery.rewrite(entry: 5)
        try refusals(saying: "this ledger was written anew")
        // The oldest checkpoint fits still: put there once more it hides nothing of the newer ones.
        let text = try String(contentsOfFile: anchor, encoding: .utf8)
        let oldest = try #require(text.components(separatedBy: "\n\n").first)
        try "\(text)\(oldest)\n\n".write(toFile: anchor, atomically: false, encoding: .utf8)
        try refusals(saying: "this ledger was written anew")

        try ForeignTool.run("rm", ["-r", small.store])
        try ForeignTool.run("cp", ["-a", "\(directory)/kept", small.store])
        #expect(try bake("promote", "2", "staging").status == 0)
        try forgery.cutOff(from: end + 1)
        try refusals(saying: "it was cut off, or restored from a backup")
        #expect(try bake("audit", "--verify").status == 5)

        // Where there is no newer one the store goes on, with a place of its own, and says so.
        try small.git.write(
            "policy.yaml", "anchor: { file: \"\(anchor).new\" }\nenvironments: { staging: {}, production: {} }\n")
        let applied = try bake("env", "apply", "policy.yaml")
        #expect(applied.status == 0 && !applied.errors.contains("NOT ANCHORED"), "\(applied.errors)")
        #expect(applied.errors.contains("\(anchor) is the anchor no more, and got no last checkpoint that says so"))
        let moved = try bake("promote", "2", "production")
        #expect(moved.status == 0 && !moved.errors.contains("ANCHORED"), "\(moved.errors)")
    }

    @Test("a bake goes on in such a store, and says loudly why nothing moved behind it")
    func contradictedBake() throws {
        try history(anchoredBy: "{ file: \"\(anchor)\" }")
        try small.git.write(
            "policy.yaml", "anchor: { file: \"\(anchor)\" }\nenvironments: { staging: { auto: [small] } }\n")
        #expect(try bake("env", "apply", "policy.yaml").status == 0)
        try forgery.rewrite(entry: 5)
        try small.commitPage("hello again")
        let build = try bake("build", "-q")
        #expect(build.status == 0 && build.output == "small@2\n")
        #expect(build.errors.contains("bake: cannot promote against \(anchor): "), "\(build.errors)")
        #expect(try bake("audit", "staging", "--json").json()["spans"]?.items?.count == 1)
    }

    @Test("what is no anchor is not written to, and none may lie in the store")
    func odd() throws {
        let notes = "\(directory)/notes"
        try "buy milk\n".write(toFile: notes, atomically: false, encoding: .utf8)
        try small.git.write("policy.yaml", "anchor: { file: \"\(notes)\" }\nenvironments: { staging: {} }\n")
        _ = try bake("init")
        let applied = try bake("env", "apply", "policy.yaml")
        #expect(applied.status == 0 && applied.errors.contains("neither a signed checkpoint nor an export"))
        #expect(try String(contentsOfFile: notes, encoding: .utf8) == "buy milk\n")
        try small.git.write(
            "policy.yaml", "anchor: { file: \"\(small.store)/anchor\" }\nenvironments: { staging: {} }\n")
        #expect(try bake("env", "apply", "policy.yaml").status == 2)
        try small.git.write("policy.yaml", "environments: { staging: {} }\n")
        _ = try bake("env", "apply", "policy.yaml")
        #expect(try bake("audit", "--anchor").status == 2)
    }

    @Test("signed checkpoints in a repository elsewhere, one commit each, beside what others commit there")
    func repository() throws {
        let bare = "\(directory)/anchors.git"
        try TestRepository.git(["init", "-q", "--bare", "-b", "main", bare], in: directory)
        let key = "\(directory)/ci.key"
        _ = try bake("key", "new", key)
        try FileManager.default.createDirectory(atPath: "\(directory)/trust", withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: "\(key).pub", toPath: "\(directory)/trust/ci.pub")
        try small.git.write(
            "policy.yaml", "anchor: { git: \"file://\(bare)\", branch: main }\nenvironments: { staging: {} }\n")
        let signed = ["BAKE_KEY=\(key)"]
        for words in [["init"], ["build"], ["env", "apply", "policy.yaml"], ["promote", "1", "staging"]] {
            let screen = try small.bake(words, environment: signed)
            #expect(screen.status == 0 && !screen.errors.contains("ANCHORED"), "\(words): \(screen.errors)")
        }
        // Somebody else commits to the same branch: the next checkpoint comes behind that.
        try TestRepository.git(["clone", "-q", bare, "other"], in: directory)
        try "hello".write(toFile: "\(directory)/other/README", atomically: false, encoding: .utf8)
        try TestRepository.git(["add", "-A"], in: "\(directory)/other")
        try TestRepository.git(["commit", "-q", "-m", "A note"], in: "\(directory)/other")
        try TestRepository.git(["push", "-q"], in: "\(directory)/other")
        let frozen = try small.bake(["freeze", "--all"], environment: signed)
        #expect(frozen.status == 0 && frozen.errors == "", "\(frozen.errors)")
        let names = try TestRepository.git(["ls-tree", "--name-only", "main"], in: bare)
        #expect(names.contains("README") && names.contains(".checkpoint"))
        let log = try TestRepository.git(["log", "--format=%s"], in: bare).split(separator: "\n")
        #expect(log.count == 4 && log[0].hasPrefix("Entry ") && log[1] == "A note", "\(log)")
        #expect(try TestRepository.git(["fsck", "--strict"], in: bare) == "")

        let trust = "\(directory)/trust"
        let sound = try bake("audit", "--verify", "--trust", trust)
        #expect(sound.status == 0 && sound.errors.contains("every entry is vouched for"), "\(sound.output)")
        try forgery.rewrite(entry: 2)
        let anew = try bake("audit", "--verify", "--against", "file://\(bare)#main")
        #expect(anew.status == 5 && anew.output.contains("of 1 to 5 one at least was changed"), "\(anew.output)")
        _ = try bake("thaw", "--all")
        try small.commitPage("hello again")
        #expect(try bake("build").status == 0)
        let refused = try bake("promote", "2", "staging")
        #expect(refused.status == 5 && refused.errors.contains("this ledger was written anew"), "\(refused.errors)")
        // Who may push can take the file away, and the commits before that know it still.
        try TestRepository.git(["pull", "-q", "--rebase"], in: "\(directory)/other")
        try TestRepository.git(["rm", "-q", "*.checkpoint"], in: "\(directory)/other")
        try TestRepository.git(["commit", "-q", "-m", "Tidy up"], in: "\(directory)/other")
        try TestRepository.git(["push", "-q"], in: "\(directory)/other")
        #expect(try bake("promote", "2", "staging").status == 5)
        // Gone: said, and nothing else happens.
        try FileManager.default.removeItem(atPath: bare)
        let lost = try bake("promote", "2", "staging")
        #expect(lost.status == 0 && lost.errors.contains("NOT ANCHORED"), "\(lost.errors)")
    }
}
