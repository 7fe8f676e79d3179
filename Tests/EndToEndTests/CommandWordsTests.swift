import BakeTestSupport
import Foundation
import Testing

/// Words that are no command, and stores that nobody asked for.
@Suite struct CommandWordsTests {
    private let small: SmallRepository

    init() throws { small = try SmallRepository() }

    @Test("a misspelt command is not silently a pipeline")
    func misspelt() throws {
        let stauts = try small.bake("stauts")
        #expect(stauts.status == 4 && stauts.errors.contains("hint: did you mean bake status?"), "\(stauts.errors)")
        let prom = try small.bake("promot", "small@1", "production")
        #expect(prom.status == 2 && prom.errors.contains("did you mean bake promote?"), "\(prom.errors)")
        let none = try small.bake("frobnicate")
        #expect(none.status == 4 && none.errors.contains("frobnicate is no command either"), "\(none.errors)")
        // A pipeline that is nearly named is what was meant more likely.
        let pipeline = try small.bake("smal")
        #expect(pipeline.status == 4 && pipeline.errors.contains("did you mean \"small\"?"), "\(pipeline.errors)")
        #expect(!pipeline.errors.contains("no command"))
    }

    @Test("help for what is no command, and a group's command that is none, are exit 2 with what was meant")
    func groups() throws {
        let help = try small.bake("help", "nosuch")
        #expect(help.status == 2 && help.output == "" && help.errors.contains("no such command"), "\(help.errors)")
        let near = try small.bake("help", "promot")
        #expect(near.status == 2 && near.errors.contains("did you mean bake promote?"), "\(near.errors)")
        let group = try small.bake("env", "aply", "x.yaml")
        #expect(group.status == 2 && group.errors.contains("did you mean bake env apply?"), "\(group.errors)")
        let far = try small.bake("key", "zzz")
        #expect(far.status == 2 && far.errors.contains("bake key has new, show, list"), "\(far.errors)")
        for words in [["help"], ["help", "env"], ["help", "env", "apply"], ["env"], ["env", "--help"]] {
            let screen = try small.bake(words)
            #expect(screen.status == 0 && screen.output.contains("USAGE"), "\(words): \(screen.errors)")
        }
    }

    @Test(
        "a command that fails before any work makes no store",
        arguments: [
            ["stauts"], ["build", "--commit", "nowhere"], ["build", "--jobs", "0"], ["build", "--from", "a:b"],
        ])
    func storeless(words: [String]) throws {
        #expect(try small.bake(words).status != 0)
        #expect(!FileManager.default.fileExists(atPath: small.store))
    }

    @Test(
        "nor does a bake of a pipeline with a mistake in it, of a changed work tree, or of a repository without a commit"
    )
    func nothingRight() throws {
        try small.git.write("bake.yaml", "name: small\nstages: {}\nimage: app\n")
        let dirty = try small.bake("build")
        #expect(dirty.status == 2, "\(dirty.errors)")
        try small.git.commit("A mistake")
        #expect(try small.bake("build").status == 2)
        let empty = "\(small.git.directory.path)/empty"
        _ = try ForeignTool.run("git", ["init", "-q", empty])
        let unborn = try small.bake(["build"], wrapper: ["/usr/bin/env", "-C", empty])
        #expect(unborn.status != 0, "\(unborn.errors)")
        #expect(!FileManager.default.fileExists(atPath: small.store))
    }

    @Test("words are found where a preloaded library changes the environment before the program starts")
    func preloaded() throws {
        let library = try ForeignTool.run("sh", ["-c", "printf %s /usr/lib/*/faketime/libfaketime.so.1"])
        try #require(FileManager.default.fileExists(atPath: library))
        let screen = try small.bake(["--version"], environment: ["LD_PRELOAD=\(library)", "FAKETIME=-1d"])
        #expect(screen.status == 0 && screen.output == "0.1.0\n", "\(screen)")
    }

    @Test("the first bake makes the store and says where; the second does not say it again")
    func made() throws {
        let first = try small.bake("build")
        #expect(first.status == 0 && first.errors.contains("made the store \(small.store)\n"), "\(first.errors)")
        #expect(try !small.bake("build").errors.contains("made the store"))
    }

    @Test("rebake has no dry run: it says so before it bakes")
    func rebake() throws {
        _ = try small.bake("build")
        let screen = try small.bake("rebake", "small@1", "--dry-run")
        #expect(screen.status == 2 && screen.errors.contains("rebake --dry-run"), "\(screen.errors)")
        #expect(screen.output == "" && !screen.errors.contains("ran"), "\(screen.errors)")
    }
}
