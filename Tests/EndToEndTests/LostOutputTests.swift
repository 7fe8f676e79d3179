import BakeTestSupport
import Foundation
import Testing

/// What a command prints arrives, or the command says that it did not.
@Suite struct LostOutputTests {
    private let small: SmallRepository

    init() throws {
        small = try SmallRepository()
        try #require(try small.bake("build").status == 0)
        try #require(try small.bake("env", "apply", "environments.yaml").status == 0)
        try #require(try small.bake("promote", "1", "staging").status == 0)
        try small.commitPage("hello again")
        try #require(try small.bake("build").status == 0)
    }

    /// Runs it where a shell has turned standard output elsewhere before.
    private func bake(_ words: [String], to redirection: String) throws -> Screen {
        try small.bake(words, wrapper: ["/bin/sh", "-c", "exec \"$@\" \(redirection)", "sh"])
    }

    /// Commands that print a result, some of them more than once because each form has a writer of its own.
    private static let commands = [
        "--help", "--version", "help promote", "--generate-completion-script bash", "build", "build -q", "build --json",
        "plan", "plan --json", "plan --dot", "plan --mermaid", "test small@2", "test small@2 --json",
        "test small@2 --format tap", "promote 2 staging", "rollback staging --json",
        "freeze --all", "thaw --all", "env apply environments.yaml", "env show", "env show --json", "status",
        "status --json", "status --html -", "show small@1", "show small@1 --json", "show small@1 -q", "log",
        "log --json", "log --builds", "diff small@1 small@2", "diff small@1 small@2 --json",
        "diff small@1 small@2 --markdown", "why site", "why small@1:/srv/page.txt", "audit staging",
        "audit small@1", "audit small@1 --csv", "audit --verify", "audit --export", "audit --acts", "output small@1",
        "evidence small@1", "export small@1:/srv/page.txt", "export small@1", "pin small@1", "unpin small@1 --json",
        "gc --dry-run", "gc", "fsck", "fsck --json", "doctor --json", "reject small@2 --reason broken",
    ]

    @Test("on a full disk each command says so and ends with 1", arguments: [commands])
    func full(commands: [String]) throws {
        for command in commands {
            let screen = try bake(command.split(separator: " ").map(String.init), to: "> /dev/full")
            #expect(screen.status == 1, "\(command): \(screen.status) \(screen.errors)")
            #expect(
                screen.errors.contains("bake: cannot write standard output: No space left on device"),
                "\(command): \(screen.errors)")
        }
    }

    @Test("where standard output is closed it is as lost, and no other file takes its place")
    func closed() throws {
        for command in ["status", "log --json", "--help"] {
            let screen = try bake(command.split(separator: " ").map(String.init), to: ">&-")
            #expect(screen.status == 1)
            #expect(screen.errors.contains("cannot write standard output: it is closed"), "\(screen.errors)")
        }
        // Nothing to print is nothing lost.
        #expect(try bake(["status", "--html", "page.html", "-q"], to: ">&-").status == 0)
        let whole = try small.bake("fsck")
        #expect(whole.status == 0 && whole.output.contains("sound"), "\(whole.errors)")
    }

    @Test("a failure keeps its own code, and a reader who has enough is no failure")
    func readers() throws {
        try small.git.write("strict.yaml", "environments:\n  production: { reason: 'CHG[0-9]{7}' }\n")
        try #require(try small.bake("env", "apply", "strict.yaml").status == 0)
        let refused = try bake(["promote", "2", "production", "--json"], to: "> /dev/full")
        #expect(refused.status == 3 && refused.errors.contains("cannot write standard output"), "\(refused.errors)")
        for command in ["audit --export", "export small@1", "log"] {
            let words = command.split(separator: " ").map(String.init)
            let script = "{ \"$@\"; echo \"exit $?\" >&2; } | true"
            let screen = try small.bake(words, wrapper: ["/bin/sh", "-c", script, "sh"])
            #expect(screen.errors == "exit 0\n", "\(command): \(screen.errors)")
        }
    }

    @Test("what is no regular file is written into and stays what it is; a link stays, and its target is written")
    func places() throws {
        let directory = small.git.path
        let script = """
            mkfifo pipe && ln -s page link && echo old > page || exit 9
            cat pipe > got & "$@" status --html pipe; wait
            "$@" status --html link; "$@" build -q --result /dev/stdout
            test -p pipe && test -L link && grep -q '<h1>' got && grep -q '<h1>' page
            """
        let done = try small.bake([], wrapper: ["/bin/sh", "-c", script, "sh"])
        #expect(done.status == 0, "\(done)")
        #expect(done.output.contains("\"schema\":\"bake/build"), "\(done)")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(directory)/link") == "page")
    }

    @Test("a full device is an error, and stays a device", .enabled(if: getuid() == 0, "only root makes devices"))
    func device() throws {
        let device = "\(small.git.directory.path)/full"
        try ForeignTool.run("mknod", [device, "c", "1", "7"])
        for words in [
            ["status", "--html", device], ["audit", "--bundle", "small@1", "-o", device],
            ["export", "small@1", "-o", device], ["test", "small@1", "--junit", device],
        ] {
            let screen = try small.bake(words)
            #expect(screen.status == 1, "\(words): \(screen)")
            #expect(screen.errors.contains("cannot write \(device): No space left on device"), "\(screen.errors)")
        }
        #expect(try ForeignTool.run("stat", ["-c", "%t:%T", device]) == "1:7\n")
    }
}
