import BakeModel
import BakeTestSupport
import Foundation
import GitFixtures
import LinuxSystem
import Testing

/// `bake backup`, `bake restore`.
@Suite struct BackupTests {
    private func lines(_ screen: Screen) -> [Substring] { screen.output.split(separator: "\n") }

    @Test("a backup is a store; the next one takes what is new; a restored store goes on, and says what it is")
    func backAndForth() throws {
        let small = try SmallRepository()
        let copy = "\(small.git.directory.path)/copy"
        _ = try small.bake("build", "-q")
        _ = try small.bake("env", "apply", "environments.yaml")
        _ = try small.bake("promote", "small@1", "staging")
        try ForeignTool.run("skopeo", ["copy", "-q", "oci:\(small.store):small@1", "oci:\(small.store):mine"])
        let first = try small.bake("backup", copy)
        #expect(first.status == 0, "\(first.errors)")
        let inCopy = ["BAKE_STORE=\(copy)"]
        #expect(try small.bake(["fsck"], environment: inCopy).output == "the store is sound\n")
        #expect(
            try small.bake(["audit", "--export"], environment: inCopy).output == small.bake("audit", "--export").output)
        #expect(try ForeignTool.run("skopeo", ["inspect", "--raw", "oci:\(copy):mine"]).contains("layers"))
        #expect(try ForeignTool.run("skopeo", ["inspect", "--raw", "oci:\(copy):small:staging"]).contains("layers"))

        try small.commitPage("hello again")
        _ = try small.bake("build", "-q")
        let second = try small.bake("backup", copy, "--json")
        #expect(second.status == 0, "\(second.errors)")
        let blobs = try FileManager.default.contentsOfDirectory(atPath: "\(small.store)/blobs/sha256").count
        #expect(try (second.json()["blobs"]?.number ?? 0) < blobs / 2)
        let before = try lines(small.bake("audit", "--export"))

        try FileManager.default.removeItem(atPath: small.store)
        let restored = try small.bake("restore", copy)
        #expect(restored.status == 0, "\(restored.errors)")
        let after = try lines(small.bake("audit", "--export"))
        #expect(Array(after.dropLast()) == before)
        #expect(after.last?.contains(#""kind":"restore""#) == true)
        #expect(try small.bake("audit", "--verify").status == 0)
        #expect(try small.bake("enter", "small@2", "--", "cat", "/srv/page.txt").output == "HELLO AGAIN\n")
        #expect(try small.bake("restore", copy).status == 2)

        // The copy and the restored store went different ways from here: neither is a backup of the other.
        #expect(try small.bake("--store", copy, "env", "show").status == 0)
        #expect(try small.bake(["promote", "small@2", "production"], environment: inCopy).status == 0)
        let foreign = try small.bake("backup", copy)
        #expect(foreign.status == 2)
        #expect(foreign.errors.contains("went another way"), "\(foreign.errors)")
    }

    private func layer(of small: SmallRepository, _ number: Int = 1) throws -> String {
        let manifest = try ForeignTool.run("skopeo", ["inspect", "--raw", "oci:\(small.store):small@\(number)"])
        let layers = try JSON(parsing: Array(manifest.utf8))["layers"]?.items
        return String(try #require(layers?.last?["digest"]?.string).dropFirst("sha256:".count))
    }

    /// Changes a byte and keeps the length.
    private func rot(_ file: String) throws {
        #expect(chmod(file, 0o644) == 0)
        let handle = try #require(FileHandle(forWritingAtPath: file))
        handle.write(Data([0xff]))
        try handle.close()
    }

    @Test("a blob that rotted in the backup is written again; from a rotten or incomplete backup nothing is restored")
    func rottenBackup() throws {
        let small = try SmallRepository()
        let copy = "\(small.git.directory.path)/copy"
        let place = "\(small.git.directory.path)/place"
        _ = try small.bake("build", "-q")
        _ = try small.bake("backup", copy)
        let layer = try layer(of: small)
        let file = "\(copy)/blobs/sha256/\(layer)"
        try rot(file)
        let restored = try small.bake("--store", place, "restore", copy)
        #expect(restored.status == 5, "\(restored.errors)")
        #expect(restored.errors.contains("1 blob that it needs is damaged or not there: sha256:\(layer)"))
        #expect(access("\(place)/ledger.sqlite", F_OK) != 0)
        try FileManager.default.removeItem(atPath: file)
        #expect(try small.bake("--store", place, "restore", copy).status == 5)
        #expect(try small.bake("backup", copy).status == 0)
        try rot(file)
        #expect(try small.bake("backup", copy, "--json").json()["blobs"]?.number == 1)
        #expect(try small.bake("--store", copy, "fsck").output == "the store is sound\n")
        #expect(try small.bake("--store", place, "restore", copy).status == 0)
    }

    @Test("a store is no backup of itself, by whatever name; repositories take the place of older ones")
    func places() throws {
        let small = try SmallRepository()
        let directory = small.git.directory.path
        _ = try small.bake("build", "-q")
        try FileManager.default.createSymbolicLink(atPath: "\(directory)/link", withDestinationPath: small.store)
        for place in [small.store, "\(directory)/link", "\(small.store)/tmp/copy"] {
            let refused = try small.bake("backup", place)
            #expect(refused.status == 2 && refused.errors.contains("the store itself"), "\(refused.errors)")
        }
        #expect(try small.bake("fsck").output == "the store is sound\n")
        for _ in 1...2 { #expect(try small.bake("backup", "\(directory)/copy").status == 0) }
        let there = try FileManager.default.subpathsOfDirectory(atPath: "\(directory)/copy/git").sorted()
        let own = try FileManager.default.subpathsOfDirectory(atPath: "\(small.store)/git").sorted()
        #expect(there == own && own.contains("kept.git"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(directory)/copy/tmp").isEmpty)
    }

    @Test("at every moment in which a killed restore left a ledger, that says that it was restored")
    func killedRestore() throws {
        let small = try SmallRepository()
        let directory = small.git.directory.path
        _ = try small.bake("build", "-q")
        _ = try small.bake("backup", "\(directory)/copy")
        // The file that has the ledger's name, as soon as it has it.
        let watch = "while [ ! -e place/ledger.sqlite ]; do :; done; cp place/ledger.sqlite first.sqlite"
        let watching = try ChildProcess.start(
            "/bin/sh", ["-c", watch], environment: ["PATH=/usr/bin:/bin"], directory: directory)
        #expect(try small.bake("--store", "\(directory)/place", "restore", "\(directory)/copy").status == 0)
        #expect(try watching.wait() == .exited(0))
        let kinds = try ForeignTool.run(
            "sqlite3", ["\(directory)/first.sqlite", "SELECT line FROM entries ORDER BY sequence DESC LIMIT 1"])
        #expect(kinds.contains(#""kind":"restore""#), "\(kinds)")
    }

    @Test("a changed entry is not copied, and the backup that was there stays as it was; nor is one restored")
    func changedEntry() throws {
        let small = try SmallRepository()
        let copy = "\(small.git.directory.path)/copy"
        _ = try small.bake("build", "-q")
        _ = try small.bake("backup", copy)
        let change = "DROP TRIGGER entries_never_change; UPDATE entries SET line = replace(line, 'Hanako', 'Evelyn')"
        try ForeignTool.run("sqlite3", ["\(small.store)/ledger.sqlite", change])
        let refused = try small.bake("backup", copy)
        #expect(refused.status == 5 && refused.errors.contains("is not what was written"), "\(refused.errors)")
        #expect(try small.bake("--store", copy, "audit", "--verify").status == 0)
        try ForeignTool.run("sqlite3", ["\(copy)/ledger.sqlite", change])
        let place = "\(small.git.directory.path)/place"
        #expect(try small.bake("--store", place, "restore", copy).status == 5)
        #expect(try small.bake("--store", place, "status").status == 4)
    }

    @Test("a damaged blob is not copied, and the backup that was there stays as it was")
    func damage() throws {
        let small = try SmallRepository()
        let copy = "\(small.git.directory.path)/copy"
        _ = try small.bake("build", "-q")
        _ = try small.bake("backup", copy)
        try small.commitPage("hello again")
        _ = try small.bake("build", "-q")
        try rot("\(small.store)/blobs/sha256/\(try layer(of: small, 2))")
        let refused = try small.bake("backup", copy)
        #expect(refused.status == 5)
        #expect(refused.errors.contains("hash to"), "\(refused.errors)")
        #expect(try small.bake(["log", "-q"], environment: ["BAKE_STORE=\(copy)"]).status == 0)
        #expect(try small.bake(["log"], environment: ["BAKE_STORE=\(copy)"]).output.hasPrefix("small@1"))
    }
}
