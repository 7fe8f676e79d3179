import BakeModel
import Foundation
import GitFixtures
import LinuxSystem
import Testing

@testable import GitRepository

/// Trees that git itself writes only with `hash-object --literally`, which leaves its checks out.
@Suite struct HostileTreeTests {
    private struct Line {
        var mode = "100644"
        let name: [UInt8]
    }

    private func bytes(_ lines: [Line], _ object: [UInt8] = Array(repeating: 1, count: 20)) -> [UInt8] {
        var bytes: [UInt8] = []
        for line in lines { bytes += Array("\(line.mode) ".utf8) + line.name + [0] + object }
        return bytes
    }

    private func failure(_ lines: [Line]) throws -> (any ExplainedError)? {
        let id = try #require(ObjectID("4b825dc642cb6eb9a060e54bf8d69288fbee4904"))
        return ExplainedFailure.of { try TreeParser.parse(id, bytes(lines)) }
    }

    @Test(arguments: ["..", ".git", "a/b", "fine"])
    func refusesTreesThatGitWroteLiterally(_ name: String) throws {
        let repository = try TestRepository()
        let tree = Data(bytes([Line(name: Array(name.utf8)), Line(name: Array("z".utf8))]))
        try tree.write(to: URL(fileURLWithPath: "\(repository.path)/tree"))
        let id = try #require(ObjectID(repository.git("hash-object", "-w", "-t", "tree", "--literally", "tree")))
        let reader = try GitReader.open(repository.path, program: BuiltBake.program)
        let error = ExplainedFailure.of { try reader.files(of: id) }
        #expect(error?.subject == (name == "fine" ? nil : id.hex))
    }

    @Test(arguments: [
        "..", ".", "", "a/b", "../etc", ".git", ".GIT", ".Git", "git~1", "GIT~1", ".git ", ".git.", ".git. .",
        ".git::$INDEX",
        ".git\\config", "\u{200c}.git", ".g\u{200d}it", ".gi\u{feff}T", String(repeating: "n", count: 256),
    ])
    func refusesTheName(_ name: String) throws {
        let error = try #require(try failure([Line(name: Array(name.utf8))]), "\(name)")
        #expect(error.reason.contains("tree"))
    }

    @Test(arguments: [
        ".gitignore", ".gitmodules", "git", ".git2", "git~2", "...", "a\\b", "é", "e\u{301}", " ", "-rf", ".g\u{301}it",
    ])
    func takesTheName(_ name: String) throws {
        #expect(try failure([Line(name: Array(name.utf8))]) == nil)
    }

    @Test func takesNamesThatAreNoText() throws {
        #expect(try failure([Line(name: [0xff, 0xfe]), Line(name: [0xff, 0xff])]) == nil)
    }

    @Test func refusesDuplicatesAndDisorder() throws {
        let a = Array("a".utf8), b = Array("b".utf8)
        #expect(try failure([Line(name: a), Line(name: a)])?.reason.contains("twice") == true)
        #expect(try failure([Line(name: b), Line(name: a)])?.reason.contains("sorted") == true)
        // A file and a directory of one name are not neighbours in git's order.
        let between = [Line(name: a), Line(name: Array("a.b".utf8)), Line(mode: "40000", name: a)]
        #expect(try failure(between)?.reason.contains("twice") == true)
        #expect(try failure([Line(name: Array("a.b".utf8)), Line(mode: "40000", name: a)]) == nil)
    }

    @Test(arguments: ["100777", "120777", "777", "", "99", "0x1ff", "-100644", "10064400000"])
    func refusesTheMode(_ mode: String) throws {
        #expect(try failure([Line(mode: mode, name: Array("a".utf8))])?.reason.contains("mode") == true)
    }

    @Test(arguments: ["100664", "040000", "160000"])
    func takesTheModesThatGitOnceWrote(_ mode: String) throws {
        #expect(try failure([Line(mode: mode, name: Array("a".utf8))]) == nil)
    }

    @Test func stopsAtATreeThatSpellsOutBillions() throws {
        let repository = try TestRepository()
        try repository.commit(files: ["x": "x"])
        var tree = try repository.git("rev-parse", "HEAD^{tree}")
        for _ in 0..<12 {
            let lines = (0..<10).map { "040000 tree \(tree)\td\($0)\n" }.joined()
            try Data(lines.utf8).write(to: URL(fileURLWithPath: "\(repository.path)/lines"))
            let run = try CompletedProcess.run(
                "/usr/bin/git", ["mktree"], environment: [], input: Descriptor.open("\(repository.path)/lines", 0),
                directory: repository.path)
            tree = String(run.text.dropLast())
        }
        var limits = GitLimits()
        limits.entries = 2000
        let reader = try GitReader.open(repository.path, program: BuiltBake.program, limits: limits)
        let id = try #require(ObjectID(tree))
        #expect(throws: TreeWalkError.tooMany(id, 2000)) { try reader.files(of: id) }
    }

    @Test func stopsAtADeepTree() throws {
        let repository = try TestRepository()
        try repository.commit(files: [(0..<20).map { "d\($0)/" }.joined() + "f": "x"])
        var limits = GitLimits()
        limits.depth = 20
        let tooDeep = try GitReader.open(repository.path, program: BuiltBake.program, limits: limits)
        let id = try tooDeep.commit(tooDeep.resolve(nil)).tree
        #expect(throws: TreeWalkError.self) { try tooDeep.files(of: id) }
        limits.depth = 21
        let enough = try GitReader.open(repository.path, program: BuiltBake.program, limits: limits)
        #expect(try enough.files(of: id).files.count == 1)
    }

    @Test func readsACommitThatGitWouldNotWrite() throws {
        let id = try #require(CommitID("0123456789012345678901234567890123456789"))
        let tree = "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n"
        func parse(_ text: String) -> Commit? { try? CommitParser.parse(id, Array(text.utf8)) }
        #expect(parse("") == nil)
        #expect(parse("tree 4b825d\n\n") == nil)
        #expect(parse("\(tree)author A <a@b> 1 +0000\n\nx") == nil)
        #expect(parse("\(tree)author A <a@b> 1 +0000\ncommitter") == nil)
        let odd = parse("\(tree)author A <a@b> 99999999999999999999 +9999\ncommitter <> \ngpgsig a\n b\n\n\n\nlate\n")
        #expect(odd?.author.time.seconds == 0 && odd?.author.offsetMinutes == 0)
        #expect(odd?.committer.name == "" && odd?.summary == "late")
        #expect(parse("\(tree)author A <a@b> 253402300800 +0\ncommitter A <> -5 +0\n\n")?.author.time.seconds == 0)
    }
}
