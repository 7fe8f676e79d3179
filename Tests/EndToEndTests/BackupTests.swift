import BakeModel
import BakeTestSupport
import Foundation
import GitFixtures
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

    @Test("a damaged blob is not copied, and the backup that was there stays as it was")
    func damage() throws {
        let small = try SmallRepository()
        let copy = "\(small.git.directory.path)/copy"
        _ = try small.bake("build", "-q")
        _ = try small.bake("backup", copy)
        try small.commitPage("hello again")
        _ = try small.bake("build", "-q")
        let known = Set(try FileManager.default.contentsOfDirectory(atPath: "\(copy)/blobs/sha256"))
        let blobs = try FileManager.default.contentsOfDirectory(atPath: "\(small.store)/blobs/sha256")
        let fresh = try #require(blobs.first { !known.contains($0) })
        let file = "\(small.store)/blobs/sha256/\(fresh)"
        #expect(chmod(file, 0o644) == 0)
        let handle = try #require(FileHandle(forWritingAtPath: file))
        handle.write(Data([0xff]))
        try handle.close()
        let refused = try small.bake("backup", copy)
        #expect(refused.status != 0)
        #expect(refused.errors.contains("hash to"), "\(refused.errors)")
        #expect(try small.bake(["log", "-q"], environment: ["BAKE_STORE=\(copy)"]).status == 0)
        #expect(try small.bake(["log"], environment: ["BAKE_STORE=\(copy)"]).output.hasPrefix("small@1"))
    }
}
