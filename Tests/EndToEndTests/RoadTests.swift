import BakeTestSupport
import Foundation
import GitFixtures
import Testing

@Suite struct RoadTests {
    @Test("the road from a commit to production and back, screen by screen")
    func road() throws {
        let small = try SmallRepository()
        var transcript = Transcript("road", hiding: small.git.directory.path)
        for words in [
            ["init"], ["plan"], ["build"], ["build"], ["env", "apply", "environments.yaml"], ["env", "show"],
            ["promote", "1", "production"], ["promote", "1", "staging"],
            ["promote", "1", "production", "--reason", "first release"], ["promote", "1", "production"], ["status"],
        ] { transcript.add(try small.bake(words)) }
        try small.commitPage("hello again")
        for words in [
            ["plan"], ["build"], ["promote", "2", "production", "--as", "hanako"], ["promote", "1", "production"],
            ["rollback", "production", "--reason", "checkout 500s"], ["status"], ["promote", "2", "production"],
            ["thaw", "small:production"], ["thaw", "small:production"], ["promote", "2", "production"],
            ["show", "small@1"], ["log"], ["log", "--builds"], ["audit", "production"],
            ["audit", "production@{1970-01-01}"], ["audit", "small@2"], ["audit", "--verify"],
            ["enter", "small@2", "--", "cat", "/srv/page.txt"], ["enter", "small@2", "--", "sh", "-c", "exit 7"],
            ["fsck"],
        ] { transcript.add(try small.bake(words)) }
        try transcript.check()
    }

    @Test(
        "an environment that takes what passes gets what an earlier bake could not move; what was taken back stays back"
    )
    func automatic() throws {
        let small = try SmallRepository()
        _ = try small.bake("init")
        try small.git.commit(files: ["environments.yaml": "environments:\n  staging: { auto: [small] }\n"])
        #expect(try small.bake("env", "apply", "environments.yaml").status == 0)
        _ = try small.bake("freeze", "small:staging", "--reason", "a fair")
        let refused = try small.bake("build")
        #expect(refused.status == 0 && refused.errors.contains("staging not promoted"), "\(refused.errors)")
        _ = try small.bake("thaw", "small:staging")
        let moved = try small.bake("build")
        #expect(moved.output.contains("stands"))
        #expect(moved.errors.contains("small:staging  empty -> small@1  automatic"), "\(moved.errors)")
        #expect(try !small.bake("build").errors.contains("staging"))
        try small.commitPage("hello again")
        #expect(try small.bake("build").errors.contains("small:staging  small@1 -> small@2  automatic"))
        #expect(try small.bake("rollback", "staging", "--reason", "no good").status == 0)
        _ = try small.bake("thaw", "small:staging")
        #expect(try !small.bake("build").errors.contains("staging"))
        #expect(try small.bake("show", "staging", "-q").line == small.bake("show", "small@1", "-q").line)
    }

    @Test("where a repository has several pipelines each is locked, and one bad one is told")
    func severalLocks() throws {
        let small = try SmallRepository()
        try FileManager.default.removeItem(atPath: "\(small.git.path)/bake.yaml")
        for name in ["one", "two"] {
            try small.git.write(
                "bake/\(name).yaml",
                "name: \(name)\nstages:\n  os: { import: \(small.git.path)/base.tar.gz }\nimage: os\n")
        }
        let stale = try small.bake("lock", "--check")
        #expect(stale.status == 1)
        let locked = try small.bake("init")
        #expect(locked.status == 0, "\(locked.errors)")
        for name in ["one", "two"] {
            #expect(FileManager.default.fileExists(atPath: "\(small.git.path)/bake/\(name).lock"), "\(locked.errors)")
        }
        #expect(try small.bake("lock", "--check").status == 0)
        #expect(try small.bake("lock", "--json").status == 2)
    }

    @Test("what people get wrong, and what they are told")
    func mistakes() throws {
        let small = try SmallRepository()
        var transcript = Transcript("mistakes", hiding: small.git.directory.path)
        for words in [["plan"], ["status"], ["gc"], ["build", "--jobs", "0"], ["--wrong"]] {
            transcript.add(try small.bake(words))
        }
        _ = try small.bake("build")
        for words in [
            ["show", "smal@1"], ["show", "small@9"], ["show", "9"], ["show", "sha256:00"],
            ["promote", "1", "prodution"],
            ["rollback", "production"], ["audit", "nowhere"], ["audit", "small:production@{then}"], ["build", "other"],
        ] { transcript.add(try small.bake(words)) }
        try small.git.write("src/page.txt", "not committed\n")
        transcript.add(try small.bake("build"))
        transcript.add(try small.bake("build", "--draft"))
        try small.git.commit(
            files: ["goss.yaml": "file:\n  /srv/page.txt: { exists: true, mode: \"0600\" }\n"], "A wrong spec")
        transcript.add(try small.bake("build"))
        try small.git.commit(files: [
            "bake.yaml": "name: small\nstages:\n  a:\n    form: b\n    run: \"true\"\n  c: { from: d }\nimage: x\n"
        ])
        transcript.add(try small.bake("build"))
        try transcript.check()
    }

    @Test("a plan in every form; nothing is written")
    func plans() throws {
        let small = try SmallRepository()
        _ = try small.bake("init")
        let before = try Set(FileManager.default.subpathsOfDirectory(atPath: small.store))
        var transcript = Transcript("plan", hiding: small.git.directory.path)
        for words in [
            ["plan"], ["plan", "--json"], ["plan", "--dot"], ["plan", "--mermaid"], ["build", "--dry-run"],
        ] {
            transcript.add(try small.bake(words))
        }
        try transcript.check()
        #expect(try Set(FileManager.default.subpathsOfDirectory(atPath: small.store)) == before)
    }

    @Test("the same commit gives the same image, whatever surrounds the bake")
    func determinism() throws {
        let plain = try SmallRepository()
        let varied = try SmallRepository()
        let first = try plain.bake("build", "--json").json()
        let second = try varied.bake(
            ["build", "--json", "-j", "1"], environment: ["TZ=Asia/Tokyo", "LANG=tr_TR.UTF-8", "LC_ALL=C"],
            wrapper: [
                "/usr/bin/unshare", "-u", "/bin/sh", "-c",
                "hostname other.example 2>/dev/null; umask 077; exec /usr/bin/faketime '2031-05-06 07:08:09' \"$@\"",
                "sh",
            ]
        ).json()
        #expect(first["outcome"] == "made" && second["outcome"] == "made")
        #expect(first["image"] == second["image"])
        #expect(first["commit"] == second["commit"])
    }

    @Test("-q prints the reference alone, and nothing else anywhere but errors")
    func quiet() throws {
        let small = try SmallRepository()
        let made = try small.bake("-q", "build")
        #expect(made.output == "small@1\n" && made.errors == "")
        let draft = try small.bake("build", "--draft", "-q")
        #expect(draft.output == "small@draft-1\n" && draft.errors == "")
        #expect(try !small.bake("build").errors.contains("\u{1b}"), "no terminal, no escape sequences")
    }
}
