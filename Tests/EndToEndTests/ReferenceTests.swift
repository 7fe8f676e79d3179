import BakeTestSupport
import Foundation
import GitFixtures
import LinuxSystem
import Testing

/// The exit code and the hint of everything that can be wrong in a reference or in what a commit holds.
@Suite struct ReferenceTests {
    private let small: SmallRepository

    init() throws {
        small = try SmallRepository()
        _ = try small.bake("build")
        _ = try small.bake("env", "apply", "environments.yaml")
        _ = try small.bake("promote", "1", "staging")
    }

    private func expect(
        _ arguments: [String], exit: Int32, saying words: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let screen = try small.bake(arguments)
        #expect(screen.status == exit, "\(arguments): \(screen.errors)", sourceLocation: sourceLocation)
        #expect(screen.output == "", sourceLocation: sourceLocation)
        for word in words {
            #expect(screen.errors.contains(word), "\(arguments): \(screen.errors)", sourceLocation: sourceLocation)
        }
    }

    @Test("what is not there is exit 4, with what was meant")
    func notFound() throws {
        try expect(["promote", "1", "stagin"], exit: 4, saying: ["did you mean", "staging"])
        try expect(["show", "stagin"], exit: 4, saying: ["did you mean staging?"])
        try expect(["rollback", "prodution"], exit: 4, saying: ["did you mean production?"])
        try expect(["show", "small:stagin"], exit: 4, saying: ["did you mean small:staging?"])
        try expect(["show", "production"], exit: 4, saying: ["small:production holds nothing"])
        try expect(["show", "staging~1"], exit: 4, saying: ["held nothing"])
        try expect(["show", "staging@{7}"], exit: 4, saying: ["held nothing"])
        try expect(["show", "staging@{2001-01-01}"], exit: 4, saying: ["held nothing"])
        try expect(["show", "small@git-0123abc"], exit: 4, saying: ["the newest: small@1"])
        try expect(["show", "sha256:" + String(repeating: "0", count: 64)], exit: 4, saying: ["no such image"])
        try expect(["export", "small@1:/srv/none", "-o", "x.tar.gz"], exit: 4, saying: ["/srv/none"])
        #expect(try !FileManager.default.contentsOfDirectory(atPath: small.git.path).contains { $0.hasPrefix("x.") })
        try expect(["show", "sha256:000000000000"], exit: 4, saying: ["no generation's image begins so"])
        try expect(["rollback", "prod"], exit: 4, saying: ["did you mean production?"])
        try expect(["build", "--commit", "no-such-branch"], exit: 4, saying: ["no-such-branch"])
    }

    @Test("a slot of a pipeline that is not there, and what can be no package's name, are no empty answers")
    func misspelt() throws {
        for text in ["smal:production", "smal:production@{now}", "smal:staging~1"] {
            try expect(
                ["audit", text], exit: 4, saying: ["no pipeline is called smal", "did you mean small:"])
        }
        for verb in ["audit", "show", "rollback"] {
            try expect(
                [verb, "smal:staging"], exit: 4, saying: ["no pipeline is called smal", "did you mean small:staging?"])
        }
        for text in ["openssl!=3", "ssl*", "OpenSSL", "x", "+ssl", "libc6:amd64"] {
            try expect(["audit", "--package", text], exit: 2, saying: ["lower-case letters", "Debian Policy 5.6.7"])
        }
        #expect(try small.bake("audit", "--package", "libstdc++6>=12").status == 0)
    }

    @Test("the digest that every line shows, cut short, names the image; five digits are none")
    func shortDigest() throws {
        let digest = try small.bake("show", "small@1", "-q").line
        for length in [13, 19, 40] {
            #expect(try small.bake("show", String(digest.prefix(length)), "-q").line == digest)
        }
        #expect(try small.bake("export", "\(digest.prefix(19)):/srv/page.txt").output == "HELLO\n")
        try expect(["show", String(digest.prefix(12))], exit: 2, saying: ["at least the first 6"])
    }

    @Test("a file that is not there is exit 4, whichever option names it")
    func missingFiles() throws {
        for words in [
            ["build", "--key", "/nope"], ["build", "--secret", "X=/nope"], ["gc", "nosuchplan"],
            ["diff", "small@1", "/nowhere"], ["status", "--html", "/nonexistent/x.html"],
            ["build", "file:///nothere#main"], ["restore", "/not/a/backup", "--store", "/tmp/none"],
        ] {
            let screen = try small.bake(words)
            #expect(screen.status == 4, "\(words): \(screen.status) \(screen.errors)")
            #expect(!screen.errors.contains(".new") && !screen.errors.contains("bake init"), "\(screen.errors)")
        }
        let place = try small.bake("build", "\(small.git.path)#main")
        #expect(place.status == 4 && place.errors.contains("file://\(small.git.path)#main"), "\(place.errors)")
    }

    /// Among some hundred messages for either of two commits there are two whose names begin alike.
    @Test("the first digits of two commits name neither: exit 2 and both")
    func ambiguousCommit() throws {
        try small.commitPage("hello one")
        try small.commitPage("hello two")
        let twins = try ForeignTool.run(
            "python3",
            [
                "-c",
                """
                import hashlib, subprocess, sys
                git = ["git", "-C", sys.argv[1]]
                def start(revision):
                    return subprocess.check_output(git + ["cat-file", "commit", revision]).decode().split("\\n\\n")[0]
                starts, seen = [start("HEAD~1"), start("HEAD")], [{}, {}]
                for number in range(100000):
                    body = f"{starts[number % 2]}\\n\\nTwin {number}\\n".encode()
                    name = hashlib.sha1(b"commit %d\\0" % len(body) + body).hexdigest()
                    if name[:4] in seen[1 - number % 2]: break
                    seen[number % 2][name[:4]] = body
                for twin in [seen[1 - number % 2][name[:4]], body]:
                    print(subprocess.check_output(git + ["hash-object", "-t", "commit", "-w", "--stdin"], input=twin).decode().strip())
                """, small.git.path,
            ]
        ).split(separator: "\n").map(String.init)
        try #require(twins.count == 2 && twins[0].prefix(4) == twins[1].prefix(4) && twins[0] != twins[1])
        for twin in twins {
            let made = try small.bake("build", "--commit", twin)
            try #require(made.status == 0, "\(made.errors)")
        }
        let both = twins.sorted().map { "small@git-\($0.prefix(12))" }.joined(separator: ", ")
        try expect(["show", "small@git-\(twins[0].prefix(4))"], exit: 2, saying: ["2 commits begin so", both])
        #expect(try small.bake("show", "small@git-\(twins[0].prefix(12))", "-q").status == 0)
    }

    @Test("a report that could not be written is told before anything is baked", arguments: ["--junit", "--result"])
    func reportPlaces(_ option: String) throws {
        try small.commitPage("hello again")
        try expect(["build", option, "nowhere/report"], exit: 2, saying: [option, "nowhere", "No such file"])
        try expect(["show", "small@2"], exit: 4, saying: ["the newest: small@1"])
    }

    @Test("what cannot be understood is exit 2")
    func notUnderstood() throws {
        for text in [
            "", "small@", "small@0", "small@-1", "small@99999999999999999999", "Small@1", "small:", "a b", "~",
        ] {
            try expect(["show", text], exit: 2, saying: ["bake: cannot"])
        }
        try expect(["promote", "1", "Staging"], exit: 2, saying: ["Staging"])
        try expect(["-p", "Small", "show", "1"], exit: 2, saying: ["Small"])
    }

    @Test("one number in a store of two pipelines is exit 2, with the choices; -p and the variable choose")
    func twoPipelines() throws {
        let pipeline = try String(contentsOfFile: "\(small.git.path)/bake.yaml", encoding: .utf8)
        try small.git.git("rm", "-q", "bake.yaml")
        try small.git.commit(files: [
            "bake/small.yaml": pipeline, "bake/other.yaml": pipeline.replacing("name: small", with: "name: other"),
            "bake/goss.yaml": try String(contentsOfFile: "\(small.git.path)/goss.yaml", encoding: .utf8),
        ])
        try expect(["build"], exit: 2, saying: ["small", "other"])
        let built = try small.bake("build", "other", "-q")
        #expect(built.line == "other@1", "\(built.errors)")
        for words in [["show", "1"], ["show", "staging"], ["rollback", "staging"], ["promote", "1", "staging"]] {
            try expect(words, exit: 2, saying: ["-p other", "-p small"])
        }
        #expect(try small.bake("show", "1", "-p", "other").output.hasPrefix("other@1"))
        #expect(try small.bake(["show", "1"], environment: ["BAKE_PIPELINE=small"]).output.hasPrefix("small@1"))
        #expect(try small.bake("show", "small:staging", "-q").status == 0)
    }

    @Test("a repository of SHA-256 objects is refused in words, not misread")
    func otherHash() throws {
        let repository = try TestRepository("--object-format=sha256")
        try repository.commit(files: ["bake.yaml": "name: x\nstages: { a: { from: scratch } }\nimage: a\n"])
        let run = try CompletedProcess.run(
            BuiltBake.program.path, ["build"], environment: small.environment, directory: repository.path)
        #expect(run.ending == .exited(1) || run.ending == .exited(2))
        #expect(
            run.lastErrors.contains("SHA-256") || run.lastErrors.lowercased().contains("sha256"), "\(run.lastErrors)")
    }

    @Test(
        "P11: a tree with names that leave it is refused before anything is stored", arguments: ["..", ".git", ".GIT"])
    func hostileNames(_ name: String) throws {
        let script = #"""
            import subprocess, sys
            def git(*words, input=b""):
                return subprocess.run(["git", *words], input=input, check=True, stdout=subprocess.PIPE).stdout.strip()
            def tree(mode, name, id):
                body = mode + b" " + name + b"\0" + bytes.fromhex(id.decode())
                return git("hash-object", "-t", "tree", "--literally", "-w", "--stdin", input=body)
            page = tree(b"100644", b"page.txt", git("hash-object", "-w", "--stdin", input=b"x\n"))
            inner = tree(b"40000", sys.argv[1].encode(), page)
            lines = [line for line in git("ls-tree", "HEAD").split(b"\n") if not line.endswith(b"\tsrc")]
            lines.append(b"040000 tree " + inner + b"\tsrc")
            top = git("mktree", input=b"\n".join(lines) + b"\n")
            git("update-ref", "HEAD", git("commit-tree", "-m", "hostile", "-p", "HEAD", top))
            """#
        try ForeignTool.run(
            "python3", ["-c", script, name],
            environment: [
                "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@b", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@b",
                "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*",
            ], directory: small.git.path)
        let blobs = try FileManager.default.contentsOfDirectory(atPath: "\(small.store)/blobs/sha256")
        let screen = try small.bake("build", "--commit", "HEAD")
        #expect(screen.status != 0 && screen.errors.contains(name), "\(screen.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(small.store)/blobs/sha256").count == blobs.count)
    }
}
