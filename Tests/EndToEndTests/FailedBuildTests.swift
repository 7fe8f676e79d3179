import BakeModel
import BakeTestSupport
import Foundation
import GitFixtures
import LinuxSystem
import Testing

/// What is left of a bake that failed: its output, and a root to look into.
@Suite struct FailedBuildTests {
    private let small: SmallRepository

    init() throws { small = try SmallRepository() }

    /// Replaces the command of the stage `site`.
    private func commit(command: String) throws {
        let pipeline = try String(contentsOfFile: "\(small.git.path)/bake.yaml", encoding: .utf8)
        try small.git.commit(files: ["bake.yaml": pipeline.replacing("mkdir dist", with: command)])
    }

    @Test("the message has the command, its last lines, the stage, the output's command and the way to a shell")
    func message() throws {
        try commit(command: "echo almost there; exit 3")
        let failed = try small.bake("build")
        #expect(failed.status == 1)
        #expect(
            failed.errors.hasSuffix(
                """
                bake: cannot run the command echo almost there; exit 3: exit status 3
                  almost there
                all it printed:   bake output 2 site
                a shell in there: bake --keep-failed, then bake enter failed:site
                build 2 failed at site

                """), "\(failed.errors)")
    }

    @Test("output is kept byte for byte, of failed and passed bakes; a cached stage's is that of the bake that made it")
    func output() throws {
        try commit(command: #"printf 'a\tb\033[31m\377'; echo; mkdir dist"#)
        _ = try small.bake("build")
        let bytes = try bytes("output", "small@1", "site")
        #expect(bytes == Array("a\tb\u{1b}[31m".utf8) + [0xff, 0x0a])
        try small.git.commit(files: ["README": "words\n"], "Words")
        _ = try small.bake("build")
        let cached = try small.bake("output", "4", "site")
        #expect(cached.errors == "site was cached: this is of small@1\n" && cached.output.hasPrefix("a\tb"))
        let all = try small.bake("output", "3").output
        #expect(all.hasPrefix("site | a b\\u{1b}[31m\u{fffd}\nspec | passed   "), "escaped where a terminal may be")
        #expect(try small.bake("output", "3", "app").errors == "app ran, and printed nothing\n")
        #expect(try small.bake("output", "3", "site", "--json").json()["stages"]?.items?.first?["build"] == 3)
        // The record names the blob: a check misses it.
        #expect(try small.bake("fsck").status == 0)
        let record = try small.bake("log", "--builds", "--json").json()["builds"]?.items?.last?["build"]
        let stages = record?["stages"]?.items
        let digest = try #require(stages?.compactMap { $0["output"]?["digest"]?.string }.first)
        try FileManager.default.removeItem(atPath: "\(small.store)/blobs/sha256/\(digest.dropFirst(7))")
        #expect(try small.bake("fsck").status == 5)
        #expect(try small.bake("output", "1").status == 4)
    }

    @Test("of very much output the beginning and the end are kept")
    func muchOutput() throws {
        // 20,000,022 bytes in all.
        try commit(
            command: "echo the beginning; busybox yes | busybox head -c 20000000; echo the end; exit 1")
        let failed = try small.bake("build")
        #expect(failed.status == 1 && failed.errors.contains("  the end"))
        let bytes = try bytes("output", "2", "site")
        #expect(bytes.count > 16 << 20 && bytes.count < (16 << 20) + 100)
        #expect(bytes.starts(with: "the beginning\n".utf8) && bytes.suffix(8) == Array("the end\n".utf8)[...])
        #expect(String(decoding: bytes, as: UTF8.self).contains("\n[3222806 bytes are left out here]\n"))
    }

    @Test("--keep-failed: a shell in what the stage left, as the command had it; changes there are thrown away")
    func keptRoot() throws {
        try commit(command: "touch /etc/made; rm /etc/group; echo mine > notes; mkdir out; exit 1")
        let failed = try small.bake("build", "--keep-failed")
        #expect(failed.status == 1 && failed.errors.contains("a shell in there: bake enter failed:site\n"))
        let script = "pwd; ls; ls /etc; cat notes src/page.txt; echo changed > notes; rm -r src"
        let first = try small.bake("enter", "failed:site", "--", "sh", "-c", script)
        #expect(
            first.output
                == "/work\nnotes\nout\nsrc\nhostname\nhosts\nmade\npasswd\nresolv.conf\nmine\nhello\n",
            "\(first.errors)")
        #expect(try small.bake("enter", "failed:site", "--", "sh", "-c", script).output == first.output)
        let other = try small.bake("enter", "failed:sit")
        #expect(other.status == 4 && other.errors.contains("did you mean failed:site?"))
        // It is no part of the store proper.
        #expect(try small.bake("fsck").status == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(small.store)/tmp") == [])
        _ = try small.bake("build")
        #expect(try small.bake("enter", "failed:site").status == 4, "the next bake removes it")
    }

    @Test("an output that is missing leaves a root as well, and emptying the cache removes it")
    func missingOutput() throws {
        try commit(command: "mkdir dist; rm -r dist; echo why; exit 0")
        let pipeline = try String(contentsOfFile: "\(small.git.path)/bake.yaml", encoding: .utf8)
        try small.git.commit(files: [
            "bake.yaml": pipeline.replacing("tr a-z A-Z < src/page.txt > dist/page.txt", with: "true")
        ])
        let failed = try small.bake("build", "--keep-failed")
        #expect(failed.status == 1)
        #expect(try small.bake("enter", "failed:site", "--", "ls").output == "src\n", "\(failed.errors)")
        _ = try small.bake("gc", "--cache")
        #expect(try small.bake("enter", "failed:site").status == 4)
    }

    @Test("the next bake starts at the failed stage, and what ran beside it is kept")
    func resumed() throws {
        try commit(command: "exit 1")
        #expect(try small.bake("build").status == 1)
        let pipeline = try String(contentsOfFile: "\(small.git.path)/bake.yaml", encoding: .utf8)
        try small.git.commit(files: ["bake.yaml": pipeline.replacing("exit 1", with: "mkdir dist")])
        let states = try small.bake("build", "--json").json()["stages"]?.items?.compactMap { $0["state"]?.string }
        #expect(states == ["cached", "ran", "ran", "ran", "ran"])
    }

    /// Standard output, which need not be text.
    private func bytes(_ words: String...) throws -> [UInt8] {
        try CompletedProcess.run(
            small.bakePath, words, environment: small.environment, directory: small.git.path
        ).output
    }
}
