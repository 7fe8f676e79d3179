import BakeModel
import BakeTestSupport
import Foundation
import GitFixtures
import LinuxSystem
import Testing

/// The repositories of `Pipelines`, each baked as a user would. (`web` has tests of its own: DebianTests, ReadmeTests.)
@Suite(SharedStore()) struct ExamplePipelinesTests {
    @Test("c-scratch: the image is the program and its user, and the program serves")
    func programAlone() throws {
        let example = try ExampleRepository("c-scratch")
        try example.lock(message: "A clock")
        let bake = try example.bake("build", "-q")
        #expect(bake.line == "clock@1", "\(bake.errors)")
        let archive = "\(example.git.directory.path)/root.tar.gz"
        #expect(try example.bake("export", "clock@1", "-o", archive).status == 0)
        let names = try ForeignTool.run("tar", ["-tf", archive]).split(separator: "\n").sorted()
        #expect(names == ["clock", "etc/", "etc/group", "etc/passwd"])
        #expect(
            try example.bake("export", "clock@1:/etc/passwd").output
                == "app:x:1000:1000::/nonexistent:/usr/sbin/nologin\n")
    }

    @Test(
        "python-app: what pip downloaded for the lock is installed and served, and the bake needs no network",
        .enabled("PyPI does not answer from here") { PackageIndex.answers })
    func lockedRequirements() throws {
        let example = try ExampleRepository("python-app")
        let lock = try example.lock(message: "Numerals")
        #expect(lock.contains("wheels  fetched  sha256:"), "\(lock)")
        let bake = try example.bake("build", "-q", wrapper: ["/usr/bin/unshare", "-n"])
        #expect(bake.line == "roman@1", "\(bake.errors)")
        // The tools of the build stay behind: the base, python, its users, the application.
        #expect(try example.bake("show", "roman@1", "--json").json()["layers"]?.items?.count == 4)
    }

    @Test("base-and-children: promoting a new base makes the children stale, and one command bakes them all")
    func staleChildren() throws {
        let example = try ExampleRepository("base-and-children")
        try example.git.commit("A base without its lock")
        #expect(try example.bake("build").errors.contains("name one, as in: bake build base, bake lock base"))
        #expect(try example.bake("build", "base").errors.contains("hint: bake lock base, then git add and git commit"))
        try example.lock("base", message: "Its lock")
        #expect(try example.bake("build", "base", "-q").line == "base@1")
        #expect(try example.bake("env", "apply", "environments.yaml").status == 0)
        #expect(try example.bake("promote", "base@1", "production").status == 0)
        try example.lock("query", message: "Its children")
        for child in ["hello", "query"] {
            let bake = try example.bake("build", child, "-q")
            #expect(bake.line == "\(child)@1", "\(bake.errors)")
        }

        try example.change("etc/motd", "Base 1", to: "Base 2", message: "The second base")
        #expect(try example.bake("build", "base", "-q").line == "base@2")
        #expect(try !example.bake("status").output.contains("stale"))
        #expect(try example.bake("promote", "base@2", "production").status == 0)
        let status = try example.bake("status").output
        for child in ["hello", "query"] { #expect(status.contains("stale  \(child)@1  base@1 -> base@2"), "\(status)") }
        let stale = try example.bake("build", "--stale", "-q")
        #expect(stale.output == "hello@2\nquery@2\n", "\(stale.errors)")
        #expect(try !example.bake("status").output.contains("stale"))
        #expect(try example.bake("enter", "hello", "--", "/srv/hello").output == "Hello from Base 2\n")
    }

    @Test("book: the image is one file, which comes out as a PDF, and comes out the same when it is printed again")
    func reproducibleBook() throws {
        let example = try ExampleRepository("book")
        try example.lock(message: "A book")
        let bake = try example.bake("build", "-q")
        #expect(bake.line == "book@1", "\(bake.errors)")
        // Nothing of the press: one layer, of one file.
        #expect(try example.bake("show", "book@1", "--json").json()["layers"]?.items?.count == 1)
        let file = "\(example.git.directory.path)/book.pdf"
        #expect(try example.bake("export", "book@1:/book.pdf", "-o", file).status == 0)
        let book = try Data(contentsOf: URL(filePath: file))
        #expect(book.prefix(5) == Data("%PDF-".utf8))
        // The constant time of every image, and nothing of today's.
        #expect(book.range(of: Data("/CreationDate (D:20200101000000".utf8)) != nil)
        let again = try example.bake("rebake", "book@1")
        #expect(again.output.hasPrefix("book@1  same bytes"), "\(again.errors)")
    }

    @Test("front-and-app: the front is tested with the application behind it, and fails with a broken one")
    func frontAndApplication() throws {
        let example = try ExampleRepository("front-and-app")
        try example.git.commit("Without locks")
        for pipeline in ["greeter", "front"] { #expect(try example.bake("lock", pipeline).status == 0) }
        try example.git.commit("Locks")
        let early = try example.bake("build", "front", "-q")
        #expect(early.status == 4 && early.errors.contains("greeter"), "\(early)")
        #expect(try example.bake("build", "greeter", "-q").line == "greeter@1")
        let bake = try example.bake("build", "front", "-q")
        #expect(bake.line == "front@1", "\(bake.errors)")
        let test = try example.bake("test", "front@1", "-v")
        #expect(test.line.hasPrefix("10 passed 0 failed"), "\(test)")

        // The greeter passes its own spec and says something else in front's: only together they are wrong.
        try example.change("srv/cgi-bin/greet", "asked through", to: "via", message: "Fewer words")
        #expect(try example.bake("build", "greeter", "-q").line == "greeter@2")
        let broken = try example.bake("build", "front")
        #expect(broken.status == 1, "\(broken)")
        #expect(broken.errors.contains("failed   http http://localhost:8080/ in front body"), "\(broken.errors)")
    }

    @Test("failing-spec: no number, exit 1, expected and found; mended, it is the first generation")
    func failingSpec() throws {
        let example = try ExampleRepository("failing-spec")
        try example.lock(message: "A greeting")
        let failed = try example.bake("build", "-q")
        #expect(failed.status == 1)
        #expect(failed.output == "")
        let told = try example.bake("build").errors
        for line in [
            "failed   command greet world stdout", #"expected ["Hello, world!"]"#, "failed   command greet exit-status",
            "expected 2", "found 1", "2 of 6 checks failed",
        ] { #expect(told.contains(line), "\(told)") }
        #expect(try example.bake("show", "greeting").status == 4)
        let builds = try example.bake("log", "--builds", "-p", "greeting").output.split(separator: "\n")
        #expect(builds.count == 2)
        #expect(builds.allSatisfy { $0.contains("failed") && $0.contains("at spec") && $0.contains("A greeting") })

        try example.git.write(
            "greet", "#!/bin/sh\n[ $# -eq 1 ] || { echo 'usage: greet NAME' >&2; exit 2; }\necho \"Hello, $1!\"\n")
        try example.git.commit("Greet as the spec says")
        #expect(try example.bake("build", "-q").line == "greeting@1")
        let log = try example.bake("log", "--builds", "-p", "greeting").output.split(separator: "\n")
        #expect(log.count == 3 && log.first?.contains("greeting@1") == true, "\(log)")
    }
}

/// Python's package index, from this machine.
private enum PackageIndex {
    /// Whether it answers within seconds.
    static var answers: Bool {
        let script =
            "import urllib.request as r; r.urlopen('https://pypi.org/simple/roman-numerals/', timeout=8).read(1)"
        let run = try? CompletedProcess.run(
            "/usr/bin/python3", ["-c", script], environment: ["PATH=/usr/bin:/bin"] + DebianProxies.environment)
        return run?.ending.succeeded == true
    }
}
