import BakeModel
import BakeTestSupport
import Foundation
import GitFixtures
import LinuxSystem
import Testing

/// A store in which a key signed a bake and two promotions, and what other people's tools make of it.
@Suite struct EvidenceTests {
    private let small: SmallRepository
    private var directory: String { small.git.directory.path }
    private var key: String { "\(directory)/ci.key" }

    init() throws {
        small = try SmallRepository()
        let notes = "Package: openssl\nStatus: install ok installed\nArchitecture: amd64\nVersion: 3.0.14-1~deb12u2\n\n"
        try small.git.write("src/status", notes)
        let pipeline = try String(contentsOfFile: "\(small.git.path)/bake.yaml", encoding: .utf8)
        try small.git.write(
            "bake.yaml",
            pipeline.replacing("/srv/: ", with: "/var/lib/dpkg/status: src/status\n      /srv/: "))
        try small.git.commit("A package")
        for words in [
            ["init"], ["key", "new", key], ["env", "apply", "environments.yaml"], ["build", "--key", key],
            ["promote", "1", "staging", "--key", key], ["promote", "1", "production", "--key", key],
        ] {
            let screen = try small.bake(words)
            #expect(screen.status == 0, "\(words): \(screen.errors)")
        }
        try FileManager.default.createDirectory(atPath: "\(directory)/trust", withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: "\(key).pub", toPath: "\(directory)/trust/ci.pub")
    }

    private static var venv: String { "\(Repository.root.path)/.venv/bin" }
    private static var hasTools: Bool { FileManager.default.isExecutableFile(atPath: "\(venv)/pyspdxtools") }

    private func verify(_ more: String...) throws -> Screen {
        try small.bake(["audit", "--verify", "--trust", "\(directory)/trust"] + more)
    }

    private func python(_ arguments: [String]) throws -> CompletedProcess {
        try CompletedProcess.run(
            "\(Self.venv)/python", arguments, environment: ["PATH=/usr/bin:/bin", "HOME=\(directory)"], deadline: 120)
    }

    @Test(
        "securesystemslib verifies every envelope, in-toto-attestation parses every statement",
        .enabled(if: hasTools, "no .venv: run .ci/evidence-tools"))
    func foreignVerification() throws {
        let image = try #require(try small.bake("-q", "show", "small@1").line.split(separator: ":").last)
        let kinds = ["provenance", "sbom", "verdict", "vsa"]
        for kind in kinds {
            try small.bake("evidence", "small@1", kind, "--signed").output
                .write(toFile: "\(directory)/\(kind).json", atomically: false, encoding: .utf8)
        }
        let script = Repository.root.appending(path: "Fixtures/evidence/verify.py").path
        let files = kinds.map { "\(directory)/\($0).json" }
        let read = try python([script, "\(key).pub", String(image)] + files)
        #expect(
            read.text == """
                https://slsa.dev/provenance/v1
                https://spdx.dev/Document/v2.3
                https://in-toto.io/attestation/test-result/v0.1
                https://slsa.dev/verification_summary/v1

                """, "\(read.lastErrors)")
        _ = try small.bake("key", "new", "\(directory)/other.key")
        #expect(try !python([script, "\(directory)/other.key.pub", String(image)] + files).ending.succeeded)
    }

    @Test(
        "pyspdxtools finds the bill of materials valid, with the image's package in it",
        .enabled(if: hasTools, "no .venv: run .ci/evidence-tools"))
    func bill() throws {
        let document = try small.bake("evidence", "small@1", "sbom")
        let path = "\(directory)/web.spdx.json"
        try document.output.write(toFile: path, atomically: false, encoding: .utf8)
        let read = try CompletedProcess.run(
            "\(Self.venv)/pyspdxtools", ["-i", path, "-o", "\(directory)/again.spdx"],
            environment: ["PATH=/usr/bin:/bin"], deadline: 120)
        #expect(read.ending.succeeded, "\(read.lastErrors)")
        let again = try String(contentsOfFile: "\(directory)/again.spdx", encoding: .utf8)
        #expect(again.contains("PackageName: openssl") && again.contains("PackageVersion: 3.0.14-1~deb12u2"))
        #expect(again.contains("pkg:deb/debian/openssl@3.0.14-1~deb12u2?arch=amd64"))
    }

    @Test("the recipe in a bundle is followed with sh, and finds what was changed")
    func bundle() throws {
        let place = "\(directory)/bundle"
        let written = try small.bake("audit", "--bundle", "small@1", "-o", "\(directory)/small-1.tar")
        #expect(written.status == 0, "\(written.errors)")
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try ForeignTool.run("tar", ["-xf", "\(directory)/small-1.tar", "-C", place])
        #expect(try recipe(place).text.contains("everything holds"))
        // A thief mends the sums, and cannot mend signatures or the chain.
        for (file, from, to) in [
            ("ledger.jsonl", "\"direction\":\"promote\"", "\"direction\":\"rollback\""),
            ("statements/provenance.json", "\"payload\":\"e", "\"payload\":\"f"),
            ("checkpoints/\(try checkpoint(in: place))", "sha256:", "sha512:"),
            ("documents/0-bake.yaml", "name:", "nom:"), ("image/config.json", "8080", "8081"),
        ] {
            let path = "\(place)/\(file)"
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text.contains(from))
            try text.replacingOccurrences(of: from, with: to).write(toFile: path, atomically: false, encoding: .utf8)
            #expect(try !recipe(place).ending.succeeded, "SHA256SUMS")
            let sums = "find . -type f ! -name SHA256SUMS | sed 's|^./||' | LC_ALL=C sort | xargs sha256sum >SHA256SUMS"
            try ForeignTool.run("sh", ["-c", sums], directory: place)
            let found = try recipe(place)
            #expect(!found.ending.succeeded && found.text.contains("FAILED"), "\(file)")
            try text.write(toFile: path, atomically: false, encoding: .utf8)
            try ForeignTool.run("sh", ["-c", sums], directory: place)
        }
        #expect(try recipe(place).ending.succeeded)
    }

    @Test("a bundle has what was said of the image after it moved: a failed test, a rejection")
    func lateWords() throws {
        let before = try unpackedBundle("before")
        #expect(try recipe(before).text.split(separator: "\n").last?.contains("REJECTED") == false)
        try "file: { /nope: { exists: true } }\n"
            .write(toFile: "\(small.git.path)/fails.yaml", atomically: false, encoding: .utf8)
        #expect(try small.bake("test", "small@1", "fails.yaml").status == 1)
        #expect(try small.bake("reject", "small@1", "--reason", "leaks").status == 0)
        let found = try recipe(try unpackedBundle("after")).text.split(separator: "\n")
        #expect(found.contains { $0.hasSuffix("is a test that FAILED") }, "\(found)")
        #expect(found.last?.hasSuffix(", which was REJECTED") == true, "\(found)")
    }

    @Test("audit refuses what it would ignore")
    func oneQuestion() throws {
        for (words, subject) in [
            (["--package", "openssl", "--commit", "abcd"], "audit --package --commit"),
            (["--acts", "small:production"], "audit small:production --acts"), (["--verify", "--csv"], "--csv"),
            (["--export", "-o", "file"], "-o file"), (["--trust", "trust"], "--trust"),
            (["--package", "openssl<abc!!"], "openssl<abc!!"), (["small:production@{2999-01-01}"], "has not come yet"),
        ] {
            let screen = try small.bake(["audit"] + words)
            #expect(screen.status == 2 && screen.errors.contains(subject), "\(words): \(screen)")
        }
        let unknown = try small.bake("audit", "small:prodction")
        #expect(unknown.status == 4 && unknown.errors.contains("did you mean small:production?"), "\(unknown.errors)")
        let missing = try small.bake("audit", "--verify", "--trust", "nowhere")
        #expect(missing.status == 4 && missing.errors.contains("No such file"), "\(missing.errors)")
        let file = try small.bake("audit", "--verify", "--trust", "bake.yaml")
        #expect(file.errors.contains("Not a directory"), "\(file.errors)")
        #expect(try small.bake("freeze", "small").errors.contains("it is a pipeline, and no slot"))
    }

    private func recipe(_ place: String) throws -> CompletedProcess {
        try CompletedProcess.run(
            "/bin/sh", ["\(place)/verify.sh", "\(key).pub"], environment: ["PATH=/usr/bin:/bin"], deadline: 60)
    }

    private func checkpoint(in place: String) throws -> String {
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(place)/checkpoints")
        let move = try lastMove()
        return try #require(names.first { $0.hasPrefix("checkpoint-\(move)-") })
    }

    private func unpackedBundle(_ name: String) throws -> String {
        let place = "\(directory)/\(name)"
        #expect(try small.bake("audit", "--bundle", "small@1", "-o", "\(place).tar").status == 0)
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try ForeignTool.run("tar", ["-xf", "\(place).tar", "-C", place])
        return place
    }

    private func recipe(_ place: String, keys: [String]) throws -> CompletedProcess {
        try CompletedProcess.run(
            "/bin/sh", ["\(place)/verify.sh"] + keys, environment: ["PATH=/usr/bin:/bin"], deadline: 60)
    }

    @Test("a bundle that two keys signed holds with both; one from which every signature was taken holds with none")
    func severalKeys() throws {
        let other = "\(directory)/other.key"
        _ = try small.bake("key", "new", other)
        #expect(try small.bake("attest", "small@1", "--key", other).status == 0)
        let move = try lastMove()
        #expect(try small.bake("attest", "small@1", "--entry", String(move), "--key", other).status == 0)
        let place = try unpackedBundle("two")
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(place)/statements")
        #expect(names.count { $0.hasPrefix("vsa-\(move)-") } == 2 && names.count { $0.hasPrefix("provenance") } == 2)
        let both = try recipe(place, keys: ["\(key).pub", "\(other).pub"])
        #expect(both.ending.succeeded && both.text.contains("everything holds"), "\(both.text)")
        #expect(!both.text.contains("it proves nothing"))
        // What a key signed that the auditor does not know neither proves nor harms.
        let one = try recipe(place, keys: ["\(key).pub"])
        #expect(one.ending.succeeded && one.text.contains("signed by a key that was not given"), "\(one.text)")

        for name in ["statements", "checkpoints"] {
            try FileManager.default.removeItem(atPath: "\(place)/\(name)")
        }
        let sums = "find . -type f ! -name SHA256SUMS | sed 's|^./||' | LC_ALL=C sort | xargs sha256sum >SHA256SUMS"
        try ForeignTool.run("sh", ["-c", sums], directory: place)
        let bare = try recipe(place, keys: ["\(key).pub"])
        #expect(!bare.ending.succeeded)
        #expect(bare.text.contains("FAILED  nothing that the given keys signed"), "\(bare.text)")
    }

    @Test("what somebody else moved while a job with the key waited is not signed by that key")
    func foreignMove() throws {
        try small.commitPage("hello again")
        _ = try small.bake("build", "--key", key)
        _ = try small.bake("freeze", "small:production")
        let waiting = try small.start(["promote", "2", "production", "--key", key, "--wait", "1m"])
        usleep(700_000)
        #expect(try small.bake("rollback", "small:staging").status == 0)
        // What was rolled back there may not follow.
        #expect(try small.bake("promote", "2", "staging", "--thaw").status == 0)
        #expect(try small.bake("thaw", "small:production").status == 0)
        #expect(try waiting.wait() == .exited(0))
        let found = try verify()
        let lines = found.output.split(separator: "\n").filter { $0.contains("unsigned  no trusted key") }
        let spans = try small.bake("audit", "staging", "--json").json()["spans"]?.items
        let moves = try #require(spans?.suffix(2).compactMap { $0["entry"]?.number })
        #expect(moves.count == 2 && lines.count == 2, "\(found.output)")
        #expect(zip(lines, moves).allSatisfy { $0.contains("entry \($1) ") }, "\(found.output)")
    }

    @Test("a move that missed its signature gets it from who says which one; nothing else does")
    func lateMove() throws {
        try small.commitPage("hello again")
        _ = try small.bake("build", "--key", key)
        _ = try small.bake("promote", "2", "production")
        let move = try lastMove()
        #expect(try verify().status == 5)
        _ = try small.bake("attest", "small@2", "--key", key)
        #expect(try verify().status == 5, "without the number no move is signed")
        #expect(try small.bake("attest", "small@1", "--entry", String(move), "--key", key).status == 4)
        #expect(try small.bake("attest", "small@2", "--entry", "1", "--key", key).status == 4)
        let signed = try small.bake("attest", "small@2", "--entry", String(move), "--key", key)
        #expect(signed.output == "small@2  signed the move of entry \(move)\n", "\(signed.errors)")
        let sound = try verify()
        #expect(sound.status == 0, "\(sound.output)")
        #expect(try small.bake("attest", "small@2", "--entry", String(move), "--key", key).output.contains("already"))
    }

    @Test("a ledger with moves in which no trusted key ever signed is a finding")
    func keyless() throws {
        let other = try SmallRepository()
        for words in [["init"], ["env", "apply", "environments.yaml"], ["build"], ["promote", "1", "production"]] {
            #expect(try other.bake(words).status == 0)
        }
        let found = try other.bake("audit", "--verify", "--trust", "\(directory)/trust")
        #expect(found.status == 5 && found.output.contains("no key that is trusted ever signed"), "\(found.output)")
    }

    @Test("moves before the first key are counted, where the keys behind them hold")
    func lateKey() throws {
        let other = try SmallRepository()
        for words in [
            ["init"], ["env", "apply", "environments.yaml"], ["build"], ["promote", "1", "production"],
        ] {
            #expect(try other.bake(words).status == 0)
        }
        try other.commitPage("hello again")
        #expect(try other.bake("build", "--key", key).status == 0)
        #expect(try other.bake("promote", "2", "production", "--key", key).status == 0)
        let found = try other.bake("audit", "--verify", "--trust", "\(directory)/trust")
        #expect(found.status == 0, "\(found.output)")
        #expect(found.output.contains("1 unsigned, made by people before the store had a key"), "\(found.output)")
    }

    /// The number of the last move's entry, which its statements are named by.
    private func lastMove() throws -> Int64 {
        try #require(try small.bake("audit", "production", "--json").json()["spans"]?.items?.last?["entry"]?.number)
    }

    @Test("all artifacts are in the index with their subject, the fallback tag leads to them, and skopeo copies them")
    func artifacts() throws {
        let index = try JSON(parsing: Array(Data(contentsOf: URL(filePath: "\(small.store)/index.json"))))
        let names = Set(
            (index["manifests"]?.items ?? []).compactMap {
                $0["annotations"]?["org.opencontainers.image.ref.name"]?.string
            })
        let move = try lastMove()
        let image = try #require(try small.bake("-q", "show", "small@1").line.split(separator: ":").last)
        for name in [
            "small@1.evidence", "small@1.provenance", "small@1.sbom", "small@1.verdict", "small@1.vsa.\(move)",
            "small@1.checkpoint.\(move)", "sha256-\(image)",
        ] { #expect(names.contains(name), "\(name)") }
        #expect(try small.bake("fsck").status == 0)
        let raw = try ForeignTool.run(
            "skopeo", ["inspect", "--raw", "oci:\(small.store):small@1.provenance"])
        let manifest = try JSON(parsing: Array(raw.utf8))
        #expect(manifest["subject"]?["digest"]?.string == "sha256:\(image)")
        #expect(manifest["artifactType"] == "application/vnd.dsse.envelope.v1+json")
        let tag = try ForeignTool.run("skopeo", ["inspect", "--raw", "oci:\(small.store):sha256-\(image)"])
        // Evidence, three statements of the bake, and two for each of two promotions.
        #expect(try JSON(parsing: Array(tag.utf8))["manifests"]?.items?.count == 8)
    }

    @Test("without a key the statements are there, unsigned, and are signed later")
    func late() throws {
        try small.commitPage("hello again")
        #expect(try small.bake("build").status == 0)
        let before = try small.bake("evidence", "small@2")
        #expect(before.output.split(separator: "\n").allSatisfy { $0.contains("unsigned") })
        let signed = try small.bake("attest", "small@2", "--key", key)
        #expect(signed.output == "small@2  signed provenance, sbom, verdict\n", "\(signed.errors)")
        #expect(try small.bake("attest", "small@2", "--key", key).output.contains("already"))
        // The policy moved it to staging when it was baked: nobody signed that, and nobody needs to.
        let found = try verify()
        #expect(found.status == 0 && found.output.contains("1 unsigned, as the policy moves"), "\(found.output)")
        #expect(try small.bake("attest", "small@2").status == 2)
    }

    @Test("a promotion without the key, a stranger's key and a changed statement are found")
    func unsigned() throws {
        let sound = try verify()
        #expect(sound.status == 0 && sound.output.contains("7 signatures of trusted keys"), "\(sound.output)")
        try small.commitPage("hello again")
        _ = try small.bake("build", "--key", key)
        #expect(try small.bake("promote", "2", "production").status == 0)
        let found = try verify()
        let move = try lastMove()
        #expect(found.status == 5 && found.output.contains("entry \(move)  unsigned"), "\(found.output)")
        _ = try small.bake("key", "new", "\(directory)/thief.key")
        _ = try small.bake("rollback", "production", "--key", "\(directory)/thief.key")
        let stolen = try verify()
        #expect(stolen.output.contains("entry \(try lastMove())  unsigned  no trusted key signed"), "\(stolen.output)")
        #expect(stolen.errors.contains("2 signatures of keys that are not trusted"), "\(stolen.errors)")
    }

    /// What somebody who may write to the store can do to the ledger, and who finds it.
    @Test("a ledger that was cut off, or written anew with all its hashes, is found by a checkpoint kept outside")
    func tampering() throws {
        let checkpoint = "\(directory)/checkpoint"
        try small.bake("evidence", "small@1", "checkpoint").output
            .write(toFile: checkpoint, atomically: false, encoding: .utf8)
        let whole = "\(directory)/export.jsonl"
        try small.bake("audit", "--export").output.write(toFile: whole, atomically: false, encoding: .utf8)
        #expect(try verify("--against", checkpoint, "--against", whole).status == 0)
        #expect(try small.bake("audit", "--verify").errors.contains("cutting off the end cannot be detected"))

        let ledger = "\(small.store)/ledger.sqlite"
        let backup = "\(directory)/backup.sqlite"
        try ForeignTool.run("sqlite3", [ledger, ".backup \(backup)"])
        let move = try lastMove()
        try cutOff(ledger, from: move)
        // As if it had never been: the chain hangs together, and index.json alone tells, until it is made again.
        #expect(try small.bake("audit", "--verify").output.contains("and the ledger knows no such name"))
        #expect(try small.bake("fsck", "--repair").status == 0)
        #expect(try small.bake("audit", "--verify").status == 0)
        let cut = try small.bake("audit", "--verify", "--against", checkpoint)
        #expect(cut.status == 5 && cut.output.contains("its end was cut off"), "\(cut.output)")
        #expect(!cut.errors.contains("vouched for"), "\(cut.errors)")

        try ForeignTool.run("sqlite3", [ledger, ".restore \(backup)"])
        try rewrite(ledger, entry: move)
        #expect(try small.bake("audit", "--verify").status == 0)
        let anew = try small.bake("audit", "--verify", "--against", checkpoint)
        #expect(anew.status == 5 && anew.output.contains("of 1 to \(move) one at least was changed"), "\(anew.output)")
        let exact = try small.bake("audit", "--verify", "--against", whole)
        #expect(exact.status == 5 && exact.output.contains("entry \(move)  checkpoint  it is not"), "\(exact.output)")
        // The checkpoints that lie in the store are signed: without a new signature they tell as well.
        #expect(try verify().status == 5)
    }

    @Test("a checkpoint of another store, of a stranger, or no checkpoint at all is told apart")
    func strangers() throws {
        let other = try SmallRepository()
        for words in [
            ["init"], ["env", "apply", "environments.yaml"], ["build", "--key", key],
            ["promote", "1", "staging", "--key", key], ["promote", "1", "production", "--key", key],
        ] { _ = try other.bake(words) }
        let checkpoint = "\(directory)/other"
        try other.bake("evidence", "small@1", "checkpoint").output
            .write(toFile: checkpoint, atomically: false, encoding: .utf8)
        let foreign = try verify("--against", checkpoint)
        #expect(foreign.status == 2 && foreign.errors.contains("it is of another store"), "\(foreign.errors)")
        try "nonsense\n".write(toFile: checkpoint, atomically: false, encoding: .utf8)
        #expect(try verify("--against", checkpoint).status == 2)
        let own = try small.bake("evidence", "small@1", "checkpoint").output
        try own.replacingOccurrences(of: "\n4\n", with: "\n3\n").replacingOccurrences(of: "bake/", with: "bake/")
            .replacingOccurrences(of: "sha256:", with: "sha256:0").write(
                toFile: checkpoint, atomically: false, encoding: .utf8)
        let forged = try verify("--against", checkpoint)
        #expect(forged.status == 5 && forged.errors.contains("no trusted key signed"), "\(forged.errors)")
    }

    @Test("where a package and a commit were, and who did what, as table, document and comma-separated values")
    func questions() throws {
        let table = try small.bake("audit", "--package", "openssl<3.0.15").output
        #expect(table.contains("small:production  openssl 3.0.14-1~deb12u2  small@1  from "), "\(table)")
        #expect(table.contains("still there"))
        let none = try small.bake("audit", "--package", "openssl>=3.0.15").output
        #expect(none == "no generation has openssl>=3.0.15\n")
        #expect(try small.bake("audit", "--package", "openssl<").status == 2)
        let csv = try small.bake("audit", "--package", "openssl", "--csv").output.split(separator: "\n")
        #expect(csv.first == "slot,package,version,architecture,since,until,first,last,entry" && csv.count == 3)
        let commit = try small.git.git("rev-parse", "HEAD").prefix(8)
        #expect(try small.bake("audit", "--commit", String(commit), "--json").json()["spans"]?.items?.count == 2)
        let acts = try small.bake("audit", "--acts", "--json").json()["entries"]?.items ?? []
        #expect(acts.map { $0["kind"]?.string } == ["move", "move", "policy"])
        #expect(try small.bake("audit", "--by", "nobody of that name").output == "")
        #expect(try small.bake("audit", "--rejected").output == "nothing that was rejected is still there\n")
    }

    @Test("the page is well-formed, says what is where, and needs nothing else")
    func page() throws {
        let path = "\(directory)/status.html"
        let reason = "<script>alert('a & b')</script>"
        #expect(try small.bake("freeze", "small:production", "--reason", reason).status == 0)
        #expect(try small.bake("status", "--html", path).status == 0)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try ForeignTool.run("xmllint", ["--noout", path])
        #expect(text.contains("&lt;script&gt;alert(&#39;a &amp; b&#39;)&lt;/script&gt;") && !text.contains("<script"))
        #expect(text.contains("<rect ") && text.contains("small:production"))
        #expect(!text.contains("src=") && !text.contains("href="))
    }

    /// Removes entries from one on, and lets every view be made anew.
    private func cutOff(_ ledger: String, from entry: Int64) throws {
        try ForeignTool.run(
            "sqlite3",
            [
                ledger,
                """
                PRAGMA foreign_keys = 0; DROP TRIGGER entries_never_go; DROP TRIGGER entries_never_change;
                DELETE FROM entries WHERE sequence >= \(entry); DELETE FROM heads; DELETE FROM views;
                """,
            ])
        try dropViews(ledger)
        try mendHeads(ledger)
    }

    /// Changes an entry, and every hash behind it.
    private func rewrite(_ ledger: String, entry: Int64) throws {
        let script = """
            import hashlib, json, sqlite3, sys
            db = sqlite3.connect(sys.argv[1])
            db.execute("DROP TRIGGER IF EXISTS entries_never_change")
            previous = None
            for number, line in db.execute("SELECT sequence, line FROM entries ORDER BY sequence").fetchall():
                entry = json.loads(line)
                if previous: entry["prev"] = "sha256:" + previous
                if number == int(sys.argv[2]): entry["actor"]["user"] = "nobody"
                line = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
                previous = hashlib.sha256(line.encode()).hexdigest()
                db.execute("UPDATE entries SET line = ?, hash = ? WHERE sequence = ?", (line, "sha256:" + previous, number))
            db.execute("DELETE FROM views")
            db.commit()
            """
        try ForeignTool.run("python3", ["-c", script, ledger, String(entry)])
        try dropViews(ledger)
    }

    private func dropViews(_ ledger: String) throws {
        let names = try ForeignTool.run(
            "sqlite3",
            [
                ledger,
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('entries', 'heads', 'views')",
            ])
        let drops = names.split(separator: "\n").map { "DROP TABLE \"\($0)\";" }.joined()
        try ForeignTool.run("sqlite3", [ledger, drops])
    }

    private func mendHeads(_ ledger: String) throws {
        try ForeignTool.run(
            "sqlite3",
            [
                ledger,
                """
                INSERT INTO heads SELECT value, max(sequence) FROM entries, json_each(entries.line, '$.subjects') GROUP BY value
                """,
            ])
    }
}
