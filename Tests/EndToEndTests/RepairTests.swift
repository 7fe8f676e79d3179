import BakeModel
import BakeTestSupport
import Foundation
import Testing

/// Damage, and the way back from it.
@Suite struct RepairTests {
    private let small: SmallRepository

    init() throws {
        small = try SmallRepository()
        _ = try small.bake("build")
        try small.commitPage("hello again")
        _ = try small.bake("build")
    }

    private func path(_ digest: JSON?) throws -> String {
        let hex = try #require(digest?.string?.split(separator: ":").last)
        return "\(small.store)/blobs/sha256/\(hex)"
    }

    /// Changes a byte in the middle, as a bad disk does.
    private func flip(_ path: String) throws {
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[bytes.count / 2] ^= 1
        try FileManager.default.removeItem(atPath: path)
        try bytes.write(to: URL(fileURLWithPath: path))
    }

    @Test("a damaged layer is laid aside, the generations that need it are named, and a rebake brings it back")
    func layer() throws {
        let shown = try small.bake("show", "small@1", "--json").json()
        try flip(try path(shown["layers"]?.items?.last?["digest"]))
        #expect(try small.bake("fsck").status == 5)
        let repaired = try small.bake("fsck", "--repair")
        #expect(repaired.status == 5)
        #expect(repaired.output.contains("lost  small@1  1 blob of its image:  bake rebake small@1\n"))
        #expect(!repaired.output.contains("small@2"), "its page is another layer")
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(small.store)/quarantine").count == 1)
        let again = try small.bake("rebake", "small@1")
        #expect(again.status == 0, "\(again.errors)")
        let sound = try small.bake("fsck")
        #expect(sound.status == 0 && sound.output.hasSuffix("the store is sound\n"), "\(sound.output)")
        #expect(try small.bake("enter", "small@1", "--", "cat", "/srv/page.txt").output == "HELLO\n")
    }

    @Test("a manifest that is gone comes back too, and so does the newest image by a plain bake")
    func manifest() throws {
        try FileManager.default.removeItem(
            atPath: try path(try small.bake("show", "small@1", "--json").json()["image"]))
        try flip(try path(try small.bake("show", "small@2", "--json").json()["image"]))
        let repaired = try small.bake("fsck", "--repair", "--json")
        let lost = try repaired.json()["repair"]?["lost"]?.items ?? []
        #expect(repaired.status == 5 && lost.map { $0["generation"] } == ["small@1", "small@2"])
        #expect(try small.bake("rebake", "small@1").output.contains("same bytes"))
        #expect(try small.bake("build", "-q").output == "small@2\n")
        #expect(try small.bake("fsck").status == 0)
    }

    @Test("evidence that is lost is told with the file that a backup has")
    func evidence() throws {
        let evidence = try path(try small.bake("show", "small@1", "--json").json()["generation"]?["evidence"])
        let backup = try Data(contentsOf: URL(fileURLWithPath: evidence))
        try flip(evidence)
        let repaired = try small.bake("fsck", "--repair")
        #expect(repaired.status == 5)
        let name = (evidence as NSString).lastPathComponent
        #expect(
            repaired.output.contains("lost  small@1  1 blob of its evidence; from a backup: blobs/sha256/\(name)\n"))
        try backup.write(to: URL(fileURLWithPath: evidence))
        #expect(try small.bake("fsck").status == 0)
    }

    @Test("an index that is noise, and views that lie, are made again; the store is sound then")
    func views() throws {
        let index = "\(small.store)/index.json"
        // The order of the names means nothing.
        let names = {
            try JSON(parsing: Array(Data(contentsOf: URL(filePath: index))))["manifests"]?.items.map(Set.init)
        }
        let good = try #require(try names())
        try "noise".write(toFile: index, atomically: false, encoding: .utf8)
        try ForeignTool.run(
            "sqlite3",
            ["\(small.store)/ledger.sqlite", "DELETE FROM generations WHERE number = 1; UPDATE heads SET entry = 1"])
        #expect(try small.bake("fsck").status == 5)
        let repaired = try small.bake("fsck", "--repair")
        #expect(repaired.status == 0 && repaired.output.hasSuffix("the store is sound\n"), "\(repaired.output)")
        #expect(try names() == good)
        #expect(try small.bake("log", "-q").output.split(separator: "\n").count == 2)
        #expect(try small.bake("audit", "--verify").status == 0)
        #expect(try small.bake("build", "-q").output == "small@2\n")
    }

    private func promote() throws {
        try small.git.write("policy.yaml", "environments: { staging: {} }\n")
        #expect(try small.bake("env", "apply", "policy.yaml").status == 0)
        #expect(try small.bake("promote", "small@2", "staging").status == 0)
        #expect(try small.bake("fsck").status == 0)
    }

    private var index: String { "\(small.store)/index.json" }

    /// Makes every name of the second generation's image lead to the first one's.
    /// - Returns: the digests of both images.
    private func misname() throws -> [String] {
        let images = try ["small@1", "small@2"].map { name in
            try #require(try small.bake("show", name, "--json").json()["image"]?.string)
        }
        let text = try String(contentsOfFile: index, encoding: .utf8)
        try text.replacing(images[1], with: images[0]).write(toFile: index, atomically: true, encoding: .utf8)
        return images
    }

    @Test("a name that leads other tools to another image is found and mended")
    func names() throws {
        try promote()
        let images = try misname()
        let found = try small.bake("fsck")
        #expect(found.status == 5, "\(found)")
        let line = "small:staging  misnamed: index.json says \(images[0]), the ledger \(images[1])\n"
        #expect(found.output.contains(line), "\(found.output)")
        let verified = try small.bake("audit", "--verify")
        let said = "ledger  name  small:staging: index.json says \(images[0]), the ledger \(images[1])\n"
        #expect(verified.status == 5 && verified.output.contains(said), "\(verified)")
        let repaired = try small.bake("fsck", "--repair")
        #expect(repaired.status == 0, "\(repaired)")
        #expect(try small.bake("audit", "--verify").errors.contains("index.json is behind") == false)
        let inspected = try ForeignTool.run(
            "skopeo", ["inspect", "--raw", "oci:\(small.store):small:staging"])
        #expect(Digest.of(Array(inspected.utf8)).description == images[1])
    }

    /// Writes `index.json` with one more name, before or behind the others.
    private func name(_ name: String, as other: String, isFirst: Bool) throws {
        let script = """
            import json, sys
            path, name, other, first = sys.argv[1:]
            index = json.load(open(path))
            key = "org.opencontainers.image.ref.name"
            copy = json.loads(json.dumps(next(m for m in index["manifests"] if m["annotations"].get(key) == other)))
            copy["annotations"][key] = name
            index["manifests"].insert(0 if first == "true" else len(index["manifests"]), copy)
            json.dump(index, open(path, "w"))
            """
        try ForeignTool.run(
            "python3", ["-c", script, index, name, other, "\(isFirst)"])
    }

    @Test(
        "a name that stands there twice, or that the ledger does not know, is found; one of others is theirs",
        arguments: [
            ("small:staging", "small@1", true), ("small:staging", "small@1", false), ("small@99", "small@1", false),
            ("small:qa", "small@1", false), ("small@1.provenance", "small@2.provenance", true),
        ])
    func inventedNames(name: String, other: String, isFirst: Bool) throws {
        try promote()
        try self.name("alpine:latest", as: "small@1", isFirst: isFirst)
        #expect(try small.bake("audit", "--verify").status == 0)
        try self.name(name, as: other, isFirst: isFirst)
        for words in [["audit", "--verify"], ["fsck"]] {
            let found = try small.bake(words)
            #expect(found.status == 5 && found.output.contains("\(name)"), "\(found)")
        }
        #expect(try small.bake("fsck", "--repair").status == 0)
        #expect(try small.bake("audit", "--verify").status == 0)
    }

    @Test("that the index is said to be behind the ledger hides no name that never was right, and is told")
    func markedBehind() throws {
        try promote()
        _ = try misname()
        try ForeignTool.run(
            "python3",
            [
                "-c",
                """
                import json, os, sys
                index, mark = sys.argv[1:]
                status = os.lstat(index)
                seconds, nanoseconds = divmod(status.st_mtime_ns, 10**9)
                document = json.load(open(mark))
                document["file"] = f"{status.st_ino} {status.st_size} {seconds}.{nanoseconds}"
                document["entry"] = 1
                json.dump(document, open(mark, "w"))
                """, index, "\(small.store)/cache/index",
            ])
        let found = try small.bake("audit", "--verify")
        #expect(found.status == 5 && found.output.contains("name  small:staging: index.json says"), "\(found)")
        #expect(found.errors.contains("index.json is behind the ledger, at entry 1"), "\(found)")
    }

    @Test("a layer that the disk changed is the store's damage to whoever needs it: exit 5, and how to mend it")
    func damagedLayer() throws {
        let manifest = try ForeignTool.run("skopeo", ["inspect", "--raw", "oci:\(small.store):small@2"])
        let layers = try JSON(parsing: Array(manifest.utf8))["layers"]?.items ?? []
        for digest in layers.compactMap({ $0["digest"]?.string?.dropFirst(7) }) {
            let file = "\(small.store)/blobs/sha256/\(digest)"
            try ForeignTool.run("sh", ["-c", "chmod u+w $0; printf xxxx | dd of=$0 bs=1 seek=100 conv=notrunc", file])
        }
        try FileManager.default.removeItem(atPath: "\(small.store)/cache")
        for words in [["test", "small@2"], ["enter", "small@2", "--", "true"], ["enter", "small@2", "--", "true"]] {
            let screen = try small.bake(words)
            #expect(screen.status == 5, "\(words): \(screen)")
            #expect(screen.errors.contains("its bytes hash to sha256:"), "\(screen.errors)")
            #expect(screen.errors.contains("hint: bake fsck --repair lays it aside"), "\(screen.errors)")
        }
    }

    @Test("a changed entry is not mended, and its generation is not touched")
    func entries() throws {
        let ledger = "\(small.store)/ledger.sqlite"
        try ForeignTool.run(
            "sqlite3",
            [ledger, "DROP TRIGGER entries_never_change; UPDATE entries SET line = replace(line, 'Hanako', 'Evelyn')"])
        let repaired = try small.bake("fsck", "--repair")
        #expect(repaired.status == 5, "\(repaired.output)")
        let line = try ForeignTool.run("sqlite3", [ledger, "SELECT count(*) FROM entries WHERE line LIKE '%Evelyn%'"])
        #expect(line != "0\n")
    }
}
