import BakeTestSupport
import Foundation
import SigningFixtures
import Testing

@Suite(.enabled(if: SmallDisk.isAvailable, "only root can mount a disk of its own for a test"))
struct FullDiskTests {
    private let small: SmallRepository
    private let disk: SmallDisk

    init() throws {
        small = try SmallRepository()
        disk = try SmallDisk(at: small.store, size: "16m")
    }

    private func bake(_ arguments: String...) throws -> Screen {
        try small.bake(arguments, wrapper: disk.wrapper(in: small.git.path))
    }

    private func bakeTwice() throws {
        try #require(try bake("build").status == 0)
        try #require(try bake("env", "apply", "environments.yaml").status == 0)
        try #require(try bake("promote", "1", "staging").status == 0)
        try small.commitPage("hello again")
        // Staging takes it by itself.
        try #require(try bake("build").status == 0)
    }

    @Test("P7: a bake without space says so, stores nothing by halves, and the next one with space works")
    func bakeWithoutSpace() throws {
        try #require(try bake("build").status == 0)
        // Each amount runs out at another place: the reserve, the ledger, an unpacked layer, a blob.
        for kilobytes in [0, 40, 200, 1100, 1300] {
            try small.commitPage("hello \(kilobytes)")
            let before = try bake("log", "-q")
            try disk.fill(leaving: kilobytes)
            let full = try bake("build")
            try disk.free()
            #expect(full.status == 0 || full.status == 1)
            #expect(full.status == 0 || full.errors.lowercased().contains("no space left"), "\(full.errors)")
            if full.status != 0 { #expect(try bake("log", "-q").output == before.output) }
            #expect(try bake("fsck").status == 0)
            #expect(try disk.sh("ls tmp; ls reserve.*") == "")
            let next = try bake("build", "-q")
            #expect(next.status == 0, "\(next.errors)")
        }
    }

    @Test(
        "P7: a disk without room for another file, while a root is prepared: the place on it, and what is missing there"
    )
    func testWithoutInodes() throws {
        try #require(try bake("build").status == 0)
        try disk.sh("rm -rf cache; mount -o remount,nr_inodes=$(( $(df --output=iused . | tail -n 1) + 15 )) .")
        let full = try bake("test", "small", "--dry-run")
        #expect(full.status == 1)
        let place = "bake: cannot make [a-z ]*\(small.store)/(cache|tmp)/[^:]*: No space left on device; "
        let told = try Regex("^\(place)its file system has no inode left of [0-9]+\n")
        #expect(full.errors.contains(told), "\(full.errors)")
        #expect(full.errors.contains("bake gc --cache"))
    }

    @Test("P7: a verdict that cannot be recorded is told all the same, with the failure, and nothing by halves")
    func unrecordedVerdict() throws {
        try #require(try bake("build").status == 0)
        try small.git.write("page.yaml", "file: { /srv/page.txt: { exists: true } }\n")
        let before = try bake("log", "-q").output
        try disk.fill()
        let full = try bake("test", "small", "page.yaml", "--junit", "r.xml")
        try disk.free()
        #expect(full.status == 1 && full.line == "1 passed 0 failed", "\(full)")
        #expect(full.errors.contains("No space left on device"), "\(full.errors)")
        #expect(try String(contentsOfFile: "\(small.git.path)/r.xml", encoding: .utf8).contains("failures=\"0\""))
        #expect(try bake("log", "-q").output == before)
    }

    @Test("P7: a command that fills the disk: the error says so, nothing is stored, and the next bake works")
    func commandFillsDisk() throws {
        try #require(try bake("build").status == 0)
        let before = try bake("log", "-q").output
        let blobs = try disk.sh("ls blobs/sha256")
        let text = try String(contentsOfFile: "\(small.git.path)/bake.yaml", encoding: .utf8)
        try small.git.commit(files: [
            "bake.yaml": text.replacing("mkdir dist", with: "mkdir dist; cat /dev/zero > /big")
        ])
        let full = try bake("build")
        #expect(full.status == 1)
        #expect(full.errors.contains("there was no space left on the file system of the store"), "\(full.errors)")
        #expect(full.errors.contains("cat: write error: No space left on device"), "its own words are shown")
        #expect(full.errors.contains("bake gc --cache"))
        #expect(try disk.sh("ls tmp") == "")
        // A failed bake is an entry, too, where there was room for it.
        #expect(try bake("log", "-q").output.hasSuffix(before))
        #expect(try bake("fsck").status == 0)
        try small.git.commit(files: ["bake.yaml": text])
        #expect(try bake("build", "-q").status == 0)
        #expect(Set(blobs.split(separator: "\n")).isSubset(of: try disk.sh("ls blobs/sha256").split(separator: "\n")))
    }

    @Test("P7: rollback, freeze and thaw work with no byte free, again and again")
    func rollbackWithoutSpace() throws {
        try bakeTwice()
        for _ in 1...3 {
            try disk.fill()
            #expect(try disk.sh("df --output=avail . | tail -n 1 | tr -d ' '") == "0\n")
            let back = try bake("rollback", "small:staging", "--reason", "disk full")
            #expect(back.status == 0, "\(back.errors)")
            #expect(try bake("status", "--json").output.contains("rolled back from 2"))
            try disk.fill()
            #expect(try bake("freeze", "small:staging").status == 0)
            try disk.fill()
            let thaw = try bake("thaw", "small:staging")
            #expect(thaw.status == 0, "\(thaw.errors)")
            try disk.free()
            #expect(try bake("promote", "2", "staging").status == 0)
            #expect(try disk.sh("du -k reserve | cut -f 1") == "1024\n", "the next act with space takes it back")
        }
        #expect(try bake("audit", "--verify").status == 0)
    }

    @Test("P7: what is asked is answered with no byte free; a stage's own error comes before the ledger's")
    func askWithoutSpace() throws {
        try bakeTwice()
        try disk.fill()
        for words in [
            ["status"], ["log"], ["audit"], ["audit", "--verify"], ["show", "small@1"], ["log", "--builds"],
        ] {
            let screen = try small.bake(words, wrapper: disk.wrapper(in: small.git.path))
            #expect(screen.status == 0, "\(words): \(screen.errors)")
        }
        try disk.fill()
        try disk.sh("rm -f reserve")
        try disk.fill()
        try small.commitPage("hello in vain")
        let full = try bake("build")
        #expect(full.status == 1)
        let lines = full.errors.split(separator: "\n").map(String.init)
        let first = try #require(lines.firstIndex { $0.contains("No space left on device") }, "\(full.errors)")
        #expect(lines[first].hasPrefix("bake: cannot") && lines[first].contains("/tmp/"))
        #expect(lines[first].hasSuffix("its file system has 0 kB left of 16777 kB"))
        #expect(lines.dropFirst(first + 1).first?.contains("and this bake could not be recorded: cannot") == true)
    }

    @Test("P7: approve and promote with no byte free, an anchor on a full disk: told, nothing half done, made good")
    func gatesWithoutSpace() throws {
        let bench = try SigningBench()
        let place = "\(small.git.directory.path)/outside"
        try disk.sh("mkdir '\(place)' && mount -t tmpfs -o size=64k none '\(place)'")
        try small.git.commit(files: [
            "allowed_signers": "bob \(try bench.key("bob").publicHalf)\n",
            "policy.yaml": "signers: allowed_signers\nanchor: { file: \(place)/points }\n"
                + "environments: { staging: {}, production: { approve: { need: 1, by: [bob] } } }\n",
        ])
        try #require(try bake("build").status == 0)
        try disk.sh("cd '\(place)' && head -c 1M /dev/zero > filler")
        let applied = try bake("env", "apply", "policy.yaml")
        #expect(applied.status == 0 && applied.errors.lowercased().contains("no space left"), "\(applied.errors)")
        let before = try bake("audit", "--export").output
        let approve = ["approve", "1", "production", "--key", "\(bench.directory)/bob"]
        for words in [approve, ["promote", "1", "staging"]] {
            try disk.fill()
            let full = try small.bake(words, wrapper: disk.wrapper(in: small.git.path))
            #expect(full.status == 1 && full.errors.lowercased().contains("no space left"), "\(full.errors)")
            #expect(try bake("audit", "--export").output == before, "\(words)")
            try disk.free()
        }
        #expect(try small.bake(approve, wrapper: disk.wrapper(in: small.git.path)).status == 0)
        #expect(try bake("promote", "1", "production").status == 0)
        let points = try disk.sh("cat '\(place)/points'")
        #expect(points.hasSuffix("\n") || points.isEmpty, "no half line: \(points)")
        #expect(try bake("audit", "--verify").status != 1)
        try disk.sh("rm '\(place)/filler'")
        #expect(try bake("promote", "1", "staging").status == 0)
        let verified = try bake("audit", "--verify")
        #expect(verified.status == 0, "\(verified.errors)\(verified.output)")
        #expect(try bake("fsck").status == 0)
    }

    @Test("P7: with no inode free status, rollback and gc work, and a bake says what is missing")
    func withoutInodes() throws {
        let small = try SmallRepository()
        let disk = try SmallDisk(at: small.store, size: "64m,nr_inodes=600")
        func bake(_ words: String...) throws -> Screen {
            try small.bake(words, wrapper: disk.wrapper(in: small.git.path))
        }
        for words in [["build"], ["env", "apply", "environments.yaml"], ["promote", "1", "staging"]] {
            try #require(try small.bake(words, wrapper: disk.wrapper(in: small.git.path)).status == 0)
        }
        try small.commitPage("hello again")
        try #require(try bake("build").status == 0)
        try disk.sh("mkdir filler; i=0; while { : > filler/$i; } 2>/dev/null; do i=$((i + 1)); done; true")
        #expect(try disk.sh("df --output=iavail . | tail -n 1 | tr -d ' '") == "0\n")
        #expect(try bake("status").output.contains("small  2"))
        let back = try bake("rollback", "small:staging")
        #expect(back.status == 0 && back.output.contains("small@2 -> small@1"), "\(back.errors)")
        #expect(try bake("audit", "--verify").status == 0)
        try small.commitPage("hello in vain")
        let full = try bake("build")
        #expect(full.status == 1 && full.errors.contains("no inode left of 600"), "\(full.errors)")
        #expect(try bake("gc", "--cache").status == 0)
        try disk.sh("rm -r filler")
        #expect(try bake("build", "-q").output == "small@3\n")
        #expect(try disk.sh("grep -c small:staging index.json") == "1\n")
        #expect(try bake("fsck").status == 0)
    }

    @Test("P7: the cache can be removed with no byte free")
    func collectWithoutSpace() throws {
        try bakeTwice()
        try disk.fill()
        #expect(try bake("gc", "--cache").status == 0)
        #expect(try disk.sh("find cache/layers -type f ! -name '*.lock'").isEmpty)
        try disk.free()
        let page = try bake("enter", "small@2", "--", "cat", "/srv/page.txt")
        #expect(page.output == "HELLO AGAIN\n", "\(page.errors)")
    }
}
