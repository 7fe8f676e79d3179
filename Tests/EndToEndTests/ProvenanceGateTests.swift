import BakeModel
import BakeTestSupport
import Foundation
import LinuxSystem
import SigningFixtures
import Testing

/// `require: [provenance]`, and what an auditor's own keys say of people's signatures.
@Suite struct ProvenanceGateTests {
    private let small: SmallRepository
    private let bench: SigningBench
    private var directory: String { small.git.directory.path }

    init() throws {
        small = try SmallRepository()
        bench = try SigningBench()
        for name in ["ci", "thief"] { _ = try small.bake("key", "new", "\(directory)/\(name).key") }
        try FileManager.default.copyItem(atPath: "\(directory)/ci.key.pub", toPath: "\(small.git.path)/ci.pub")
    }

    private func bake(_ words: String...) throws -> Screen { try small.bake(words) }

    @Test("only a builder's signature on how this very image was made opens the gate")
    func gate() throws {
        try small.git.commit(files: [
            "policy.yaml": "builders: [ci.pub]\nenvironments: { production: { require: [provenance] } }\n"
        ])
        _ = try bake("init")
        #expect(try bake("env", "apply", "policy.yaml").status == 0)
        _ = try bake("build")
        let unsigned = try bake("promote", "1", "production")
        #expect(unsigned.status == 3 && unsigned.errors.contains("provenance  unmet  nobody signed any"))
        #expect(unsigned.errors.contains("bake attest small@1 --key KEY"))
        _ = try bake("attest", "small@1", "--key", "\(directory)/thief.key")
        let stranger = try bake("promote", "1", "production")
        #expect(stranger.status == 3 && stranger.errors.contains("signed by none of the policy's builders: ci.pub"))
        _ = try bake("attest", "small@1", "--key", "\(directory)/ci.key")
        let moved = try bake("promote", "1", "production")
        #expect(moved.status == 0 && moved.errors.contains("provenance  ok  signed by ci.pub"), "\(moved.errors)")
    }

    @Test("a private key, no key, and a gate that nobody can open are faults of the policy")
    func faults() throws {
        try FileManager.default.copyItem(atPath: "\(directory)/ci.key", toPath: "\(small.git.path)/ci.key")
        _ = try bake("init")
        for (text, fault) in [
            ("builders: [ci.key]", "ci.key is a private key"), ("builders: [goss.yaml]", "is no public key"),
            ("builders: []", "builders names no key"), ("anchor: { file: relative }", "no absolute path"),
            ("anchor: { file: /a, git: \"file:///b\" }", "either a \"file\" or a \"git\" repository"),
            ("max_size: large", "\"large\" is no size"),
        ] {
            try small.git.write("policy.yaml", "\(text)\nenvironments: { staging: {} }\n")
            let screen = try bake("env", "apply", "policy.yaml")
            #expect(screen.status == 2 && screen.errors.contains(fault), "\(screen.errors)")
        }
        try small.git.write("policy.yaml", "environments: { staging: { require: [provenance] } }\n")
        #expect(try bake("env", "apply", "policy.yaml").errors.contains("provenance can never be proved"))
        let ledger = try Data(contentsOf: URL(filePath: "\(small.store)/ledger.sqlite"))
        #expect(ledger.range(of: Data("PRIVATE KEY".utf8)) == nil)
    }

    /// Alice and Bob sign; the auditor has their keys from elsewhere.
    private func signedHistory() throws -> String {
        let people = try ["alice", "bob"].map { "\($0) \(try bench.key($0).publicHalf)" }.joined(separator: "\n")
        try small.git.commit(files: [
            "allowed_signers": people,
            "policy.yaml": """
            signers: allowed_signers
            operators: [alice]
            environments:
              staging: { auto: [small] }
              production: { approve: { need: 1, by: [bob] } }
              preview: {}
            """,
        ])
        let trust = "\(directory)/trust"
        try FileManager.default.createDirectory(atPath: trust, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: "\(directory)/ci.key.pub", toPath: "\(trust)/ci.pub")
        try people.write(toFile: "\(trust)/allowed_signers", atomically: false, encoding: .utf8)
        for words in [
            ["init"], ["env", "apply", "policy.yaml", "--sign", "\(bench.directory)/alice"], ["build"],
            ["approve", "1", "production", "--key", "\(bench.directory)/bob"],
            [
                "promote", "1", "production", "--sign", "\(bench.directory)/alice", "--key", "\(directory)/ci.key",
            ],
        ] {
            let screen = try small.bake(words)
            #expect(screen.status == 0, "\(words): \(screen.errors)")
        }
        return trust
    }

    @Test("policy, approval and promotion hold against keys kept outside; what a forger changes does not")
    func people() throws {
        let trust = try signedHistory()
        let sound = try bake("audit", "--verify", "--trust", trust)
        #expect(sound.status == 0 && sound.output.contains("3 signatures of trusted people"), "\(sound.output)")
        // A directory that knows people alone is enough to ask for people.
        let alone = "\(directory)/people"
        try FileManager.default.createDirectory(atPath: alone, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: "\(trust)/allowed_signers", toPath: "\(alone)/allowed_signers")
        let people = try bake("audit", "--verify", "--trust", alone)
        #expect(people.status == 0 && people.output.hasSuffix("\n3 signatures of trusted people\n"), "\(people)")
        let own = try bake("audit", "--verify")
        #expect(own.output.contains("3 signatures of people whom the store's own policies name"), "\(own.output)")

        // The store's own file of signers is not what counts: Bob is another here.
        let other = try bench.key("mallory").publicHalf
        let lines = try String(contentsOfFile: "\(trust)/allowed_signers", encoding: .utf8).split(separator: "\n")
        try "\(lines[0])\nbob \(other)\n".write(toFile: "\(trust)/allowed_signers", atomically: false, encoding: .utf8)
        let foreign = try bake("audit", "--verify", "--trust", trust)
        #expect(foreign.status == 5 && foreign.output.contains("signature  bob's does not hold"), "\(foreign.output)")
        #expect(foreign.output.contains("approval  1 approvals were needed, and 0 are proved"), "\(foreign.output)")
    }

    @Test("what a stranger's key signed afterwards is told, and no fault")
    func stranger() throws {
        let trust = try signedHistory()
        _ = try bake("attest", "small@1", "--key", "\(directory)/thief.key")
        let found = try bake("audit", "--verify", "--trust", trust)
        #expect(found.status == 0, "\(found.output)")
        #expect(found.errors.contains(" of keys that are not trusted: they prove nothing"), "\(found.errors)")
    }

    /// Has SQLite leave the latest test out of the index by which promotions find it, and say that it did not.
    private func hideLatestTest() throws {
        let ledger = "\(small.store)/ledger.sqlite"
        let schema = try ForeignTool.run(
            "sqlite3", [ledger, "SELECT sql FROM sqlite_schema WHERE name = 'entries_by_subject'"]
        ).trimmingCharacters(in: .newlines)
        let test = try ForeignTool.run(
            "sqlite3", [ledger, "SELECT max(sequence) FROM entries WHERE json_extract(line, '$.kind') = 'test'"]
        ).trimmingCharacters(in: .newlines)
        let quoted = schema.replacing("'", with: "''")
        try ForeignTool.run(
            "sqlite3",
            [
                ledger,
                """
                DROP INDEX entries_by_subject; \(schema) AND sequence <> \(test); PRAGMA writable_schema = ON;
                UPDATE sqlite_schema SET sql = '\(quoted)' WHERE name = 'entries_by_subject'
                """,
            ])
    }

    @Test("a gate that was opened by a damaged index is found, also when that is right again")
    func openedGate() throws {
        let trust = try signedHistory()
        try small.git.write("bad.yaml", "file: { /nope: { exists: true } }\n")
        try small.commitPage("hello again")
        #expect(try bake("build").status == 0)
        #expect(try bake("test", "small@2", "bad.yaml").status == 1)
        #expect(try bake("approve", "2", "production", "--key", "\(bench.directory)/bob").status == 0)
        let words = [
            "promote", "2", "production", "--sign", "\(bench.directory)/alice", "--key", "\(directory)/ci.key",
        ]
        #expect(try small.bake(words).status == 3)
        try hideLatestTest()
        #expect(try bake("audit", "--verify").output.contains("missing from index entries_by_subject"))
        let moved = try small.bake(words + ["--json"])
        let entry = try #require(try moved.json()["entry"]?.number)
        #expect(try bake("fsck", "--repair").status == 0)
        for options in [[], ["--trust", trust]] {
            let found = try small.bake(["audit", "--verify"] + options)
            #expect(found.status == 5, "\(found)")
            #expect(
                found.output.hasPrefix("entry \(entry)  gate  no failed test was unmet: bad.yaml failed"), "\(found)")
        }
    }

    @Test("\"alice (signed)\" is believed of no entry that has nothing that she signed, whatever it is of")
    func inventedActor() throws {
        _ = try signedHistory()
        // What a signed promotion opens by the same act is hers, too.
        #expect(try bake("freeze", "small:preview").status == 0)
        let thawed = try bake("promote", "1", "preview", "--thaw", "--sign", "\(bench.directory)/alice")
        #expect(thawed.status == 0, "\(thawed)")
        #expect(try bake("audit", "--verify").status == 0)
        let frozen = try #require(try bake("freeze", "small:production", "--json").json()["entry"]?.number)
        try LedgerForgery(store: small.store).append(
            copyOf: frozen, replacing: "\"actor\":{", with: "\"actor\":{\"signer\":\"alice\",")
        #expect(try bake("audit", "--acts", "--limit", "1").output.contains("alice (signed)"))
        let found = try bake("audit", "--verify")
        #expect(found.status == 5, "\(found)")
        #expect(found.output.hasSuffix("signature  it says that alice signed it, and nobody did\n"), "\(found.output)")
    }

    @Test("without any key from outside, a signature that nobody made is found")
    func invented() throws {
        _ = try signedHistory()
        #expect(try bake("approve", "1", "preview", "--key", "\(bench.directory)/bob").status == 2)
        let acts = try bake("audit", "--acts", "--json").json()["entries"]?.items ?? []
        let approval = try #require(acts.first { $0["kind"]?.string == "approval" }?["seq"]?.number)
        try LedgerForgery(store: small.store).append(
            copyOf: approval, replacing: "\"signer\":\"bob\"", with: "\"signer\":\"alice\"")
        let found = try bake("audit", "--verify")
        #expect(found.status == 5 && found.output.contains("it is bob's, and the entry says alice"), "\(found.output)")
    }

    @Test("an approval counts once: a promotion put behind it that names the same one again is found")
    func usedApproval() throws {
        let trust = try signedHistory()
        let move = try #require(
            try bake("audit", "production", "--json").json()["spans"]?.items?.last?["entry"]?.number)
        try LedgerForgery(store: small.store).append(copyOf: move)
        let found = try bake("audit", "--verify", "--trust", trust)
        #expect(found.output.contains("approval  1 approvals were needed, and 0 are proved"), "\(found.output)")
        #expect(found.status == 5 && found.output.contains("move  it says that small:production held nothing"))
        #expect(
            found.output.contains("signature  alice signed that once, and it was taken in entry \(move)"), "\(found)")
        // That needs no key.
        let alone = try bake("audit", "--verify")
        #expect(
            alone.status == 5 && alone.output.contains("move  it says that small:production held nothing"), "\(alone)")
    }

    @Test("a rollback to what was rejected cannot have been, and is found")
    func rejectedRollback() throws {
        try small.git.write("policy.yaml", "environments: { production: {} }\n")
        _ = try bake("init")
        #expect(try bake("env", "apply", "policy.yaml").status == 0)
        #expect(try bake("build").status == 0)
        try small.commitPage("hello again")
        for words in [["build"], ["promote", "1", "production"], ["promote", "2", "production"]] {
            #expect(try small.bake(words).status == 0, "\(words)")
        }
        let back = try #require(try bake("rollback", "production", "--json").json()["entry"]?.number)
        #expect(try bake("promote", "2", "production", "--thaw").status == 0)
        #expect(try bake("reject", "1", "--reason", "leaks").status == 0)
        #expect(try bake("rollback", "production").status == 3)
        #expect(try bake("audit", "--verify").status == 0)
        try LedgerForgery(store: small.store).append(copyOf: back)
        let found = try bake("audit", "--verify")
        #expect(found.status == 5 && found.output.contains("move  small@1 was rejected before"), "\(found)")
    }

    @Test("a move that the policy makes behind every bake needs no signature; the same by hand does")
    func automatic() throws {
        let trust = try signedHistory()
        try small.commitPage("hello again")
        #expect(try bake("build").errors.contains("automatic"))
        let sound = try bake("audit", "--verify", "--trust", trust)
        #expect(sound.status == 0 && sound.output.contains("1 unsigned, as the policy moves"), "\(sound.output)")
        _ = try bake("promote", "2", "preview")
        let found = try bake("audit", "--verify", "--trust", trust)
        #expect(found.status == 5 && found.output.contains("unsigned  no trusted key signed this move"))
    }

    @Test("a bundle's recipe checks what people signed, joint moves too, and finds what was changed")
    func bundle() throws {
        _ = try signedHistory()
        let worker = try String(contentsOfFile: "\(small.git.path)/bake.yaml", encoding: .utf8)
        try small.git.commit(files: ["bake/worker.yaml": worker.replacing("name: small", with: "name: worker")])
        _ = try small.git.git("mv", "bake.yaml", "bake/small.yaml")
        _ = try small.git.git("mv", "goss.yaml", "bake/goss.yaml")
        try small.git.commit("Two pipelines")
        _ = try bake("build", "worker", "--key", "\(directory)/ci.key")
        let joint = try bake(
            "promote", "small@1", "worker@1", "preview", "--sign", "\(bench.directory)/alice", "--key",
            "\(directory)/ci.key")
        #expect(joint.status == 0, "\(joint.errors)")
        // What breaks the glass for several at once is as loud as for one.
        let broken = try bake(
            "promote", "small@1", "worker@1", "production", "--break-glass", "site down", "--reason", "CHG0000009")
        #expect(broken.status == 0, "\(broken.errors)")
        // Nobody who trusts verification summaries lets it in.
        let before = try bake("evidence", "worker@1", "vsa").output
        #expect(before.contains("\"verificationResult\":\"PASSED\""), "\(before)")
        let row = try bake("audit", "worker:production", "--csv").output.split(separator: "\n").last ?? ""
        let entry = String(row.split(separator: ",", omittingEmptySubsequences: false).dropLast(7).last ?? "")
        let attested = try bake("attest", "worker@1", "--entry", entry, "--key", "\(directory)/ci.key")
        #expect(attested.status == 0, "\(attested)")
        let after = try bake("evidence", "worker@1", "vsa").output
        #expect(after.contains("\"verificationResult\":\"FAILED\""), "\(after)")
        let acts = try bake("audit", "--acts", "--limit", "1")
        #expect(acts.output.contains("GLASS BROKEN \"site down\"") && acts.output.contains("\"CHG0000009\""), "\(acts)")
        #expect(try bake("audit", "--acts", "--csv", "--limit", "1").output.contains(",CHG0000009,"))
        #expect(try bake("audit", "worker:production", "--csv").output.contains(",no,site down,approve 1 unmet,"))
        let place = "\(directory)/bundle"
        for (generation, count) in [("small@1", 3), ("worker@1", 1)] {
            let tar = "\(directory)/\(generation).tar"
            #expect(try bake("audit", "--bundle", generation, "-o", tar).status == 0)
            try? FileManager.default.removeItem(atPath: place)
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            try ForeignTool.run("tar", ["-xf", tar, "-C", place])
            let sound = try recipe(place)
            #expect(sound.contains("everything holds"), "\(sound)")
            #expect(sound.contains("promote signed by alice"), "\(sound)")
            #expect(sound.split(separator: "\n").count { $0.contains("signatures/") } == count, "\(sound)")
            // One vsa at least is of the joint move.
            let names = try FileManager.default.contentsOfDirectory(atPath: "\(place)/statements")
            #expect(names.contains { $0.hasPrefix("vsa-") })
            #expect(sound.contains("entry \(entry) promoted it past its gates: GLASS BROKEN"), "\(sound)")
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(place)/signatures")
        let file = "\(place)/signatures/\(try #require(names.first { $0.hasSuffix(".json") }))"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try text.replacing("worker@1", with: "worker@2").write(toFile: file, atomically: false, encoding: .utf8)
        try remakeSums(place)
        #expect(try recipe(place).contains("is not signed by alice"))
    }

    @Test("what somebody signed elsewhere in the ledger does not pass for what they signed here")
    func exchangedSignature() throws {
        _ = try signedHistory()
        let place = try unpackedBundle()
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(place)/signatures")
        let entries = names.filter { $0.hasSuffix(".json") }.compactMap { Int($0.dropLast(5)) }.sorted()
        try #require(entries.count == 2)
        let copy = "for e in json sig signer allowed_signers; do cp \(entries[0]).$e \(entries[1]).$e; done"
        try ForeignTool.run("sh", ["-c", copy], directory: "\(place)/signatures")
        try remakeSums(place)
        let found = try recipe(place)
        #expect(
            found.contains("signatures/\(entries[1]).json is not what entry \(entries[1]) of ledger.jsonl says"),
            "\(found)")
    }

    @Test("who signed, and whose key that is, are what the ledger and the policy say: another name and key do not pass")
    func exchangedSigner() throws {
        _ = try signedHistory()
        let place = try unpackedBundle()
        let sound = try recipe(place)
        #expect(sound.contains("ok      policies/") && sound.contains("what was said later is not in here"), "\(sound)")
        #expect(!sound.contains("own word"), "\(sound)")
        let mallory = try bench.key("mallory")
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(place)/signatures")
        let number = try #require(names.first { $0.hasSuffix(".json") }?.dropLast(5))
        let file = "\(place)/signatures/\(number)"
        let people = try String(contentsOfFile: "\(file).allowed_signers", encoding: .utf8)
        let who = try String(contentsOfFile: "\(file).signer", encoding: .utf8).dropLast()
        let lines = people.split(separator: "\n").filter { !$0.hasPrefix(who) } + ["\(who) \(mallory.publicHalf)"]
        try (lines.joined(separator: "\n") + "\n").write(
            toFile: "\(file).allowed_signers", atomically: false, encoding: .utf8)
        try remakeSums(place)
        #expect(try recipe(place).contains("is not signed by \(who)"))
        let statement = Array(try Data(contentsOf: URL(filePath: "\(file).json")))
        let action = try #require(try JSON(parsing: statement)["action"]?.string)
        try mallory.signer.sign(statement, namespace: "\(action).bake")
            .write(toFile: "\(file).sig", atomically: false, encoding: .utf8)
        try remakeSums(place)
        let forged = try recipe(place)
        #expect(forged.contains("FAILED  signatures/\(number).json is not what entry \(number) of"), "\(forged)")
    }

    private func unpackedBundle() throws -> String {
        let place = "\(directory)/bundle"
        #expect(try bake("audit", "--bundle", "small@1", "-o", "\(place).tar").status == 0)
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try ForeignTool.run("tar", ["-xf", "\(place).tar", "-C", place])
        return place
    }

    private func remakeSums(_ place: String) throws {
        try ForeignTool.run(
            "sh",
            ["-c", "find . -type f ! -name SHA256SUMS | sed 's|^./||' | LC_ALL=C sort | xargs sha256sum >SHA256SUMS"],
            directory: place)
    }

    private func recipe(_ place: String) throws -> String {
        try CompletedProcess.run(
            "/bin/sh", ["\(place)/verify.sh", "\(directory)/ci.key.pub"], environment: ["PATH=/usr/bin:/bin"],
            deadline: 60
        ).text
    }
}
