import BakeModel
import Foundation
import GitFixtures
import LinuxSystem
import Testing

@testable import GitRepository

/// Commits of many files, which are kept as one pack. git is the judge.
@Suite struct CommitPackTests {
    private let origin: TestRepository
    private let keeping: CommitKeeping

    init() throws {
        origin = try TestRepository()
        keeping = CommitKeeping(in: "\(origin.directory.path)/git")
    }

    private func git(_ words: String...) throws -> String { try TestRepository.git(words, in: keeping.path) }

    private func keep(_ commit: CommitID) throws {
        try keeping.keep(commit, group: "web", from: origin.path, program: BuiltBake.program)
    }

    /// A hundred files around every place where a pack's header grows by a byte (4, 11 and 18 bits of size), and a long one
    /// that git stores as a difference from its like.
    private func commit(_ salt: String) throws -> CommitID {
        let sizes = [0, 1, 15, 16, 2047, 2048, 262_143, 262_144]
        for (number, size) in sizes.enumerated() {
            try origin.write(
                "size/\(size)", String(repeating: "\(number)\(salt)", count: size).prefix(size).description)
        }
        for number in 0..<100 { try origin.write("many/\(number)", "\(salt) \(number)\n") }
        let long = (0..<5_000).map { "line \($0) \(($0 * 7919) % 10_007)" }.joined(separator: "\n")
        try origin.write("long/one", long)
        try origin.write("long/two", "\(salt)\n\(long)")
        return try #require(CommitID(try origin.commit()))
    }

    /// The names of all that a commit holds, as git lists them.
    private func objects(of commit: CommitID, in path: String) throws -> String {
        try TestRepository.git(["rev-list", "--objects", "--no-object-names", commit.hex], in: path)
    }

    private func confirmWhole(_ commit: CommitID) throws {
        #expect(try git("fsck", "--full", "--strict") == "")
        #expect(try objects(of: commit, in: keeping.path) == objects(of: commit, in: origin.path))
        #expect(
            try git("archive", "--format=tar", commit.hex)
                == TestRepository.git(["archive", "--format=tar", commit.hex], in: origin.path))
    }

    @Test("sizes are what git tells: of what a pack has whole, as a difference, and of what lies loose")
    func sizes() throws {
        _ = try commit("a")
        try origin.git("gc", "-q", "--aggressive")
        try origin.write("loose", "12345")
        try origin.commit()
        let told = try origin.git("ls-tree", "-r", "-l", "HEAD").split(separator: "\n").map {
            $0.split { " \t".contains($0) }
        }
        #expect(told.count == 111)
        let reader = try GitReader.open(origin.path, program: BuiltBake.program)
        #expect(try reader.sizes(of: told.compactMap { ObjectID($0[2]) }).map { "\($0)" } == told.map { String($0[3]) })
    }

    @Test("a packed origin's objects are kept in one pack that git finds whole, differences among them")
    func packed() throws {
        let commit = try commit("a")
        try origin.git("gc", "-q", "--aggressive")
        let stored = try origin.git("verify-pack", "-v", "\(try packs(in: "\(origin.path)/.git").first ?? "").idx")
        #expect(stored.contains("chain length = 1"), "git stored nothing as a difference")
        try keep(commit)
        try confirmWhole(commit)
        #expect(try git("count-objects", "-v").contains("count: 0\n"))
        let kept = try packs(in: keeping.path)
        #expect(kept.count == 1)
        _ = try git("verify-pack", try #require(kept.first) + ".idx")
    }

    @Test("an origin of loose objects is kept the same, byte for byte of what it holds")
    func loose() throws {
        let commit = try commit("a")
        try keep(commit)
        try keep(commit)
        try confirmWhole(commit)
        #expect(try packs(in: keeping.path).count == 1)
    }

    @Test("only what is missing is added; what is dropped leaves the packs, also those that git made")
    func dropped() throws {
        let first = try commit("a")
        try keep(first)
        let old = try origin.git("rev-parse", "HEAD:many/7")
        let second = try commit("b")
        try keep(second)
        try confirmWhole(second)
        #expect(try git("count-objects", "-v").contains("prune-packable: 0\n"), "an object is kept twice")
        for isPackedByGit in [false, true] {
            try keep(first)
            if isPackedByGit { _ = try git("repack", "-a", "-d", "-q", "--write-midx", "--depth=50") }
            #expect(try git("cat-file", "-t", old) == "blob")
            try keeping.drop([("web", first)], program: BuiltBake.program)
            #expect(throws: (any Error).self) { try git("cat-file", "-t", old) }
            // Who wrote it is evidence, and stays.
            #expect(try git("cat-file", "-t", first.hex) == "commit")
            #expect(try git("show", "\(second.hex):many/7") == "b 7")
            #expect(
                try git("archive", "--format=tar", second.hex)
                    == TestRepository.git(["archive", "--format=tar", second.hex], in: origin.path))
        }
    }

    @Test("a damaged pack is an error, and nothing gets a name")
    func damaged() throws {
        let commit = try commit("a")
        try origin.git("gc", "-q")
        let pack = try #require(try packs(in: "\(origin.path)/.git").first)
        // Behind the pack's header of 12 bytes and the first entries: somewhere in a stream.
        try origin.damage("\(pack).pack") { $0[$0.count / 2] ^= 0x55 }
        #expect(throws: (any Error).self) { try keep(commit) }
        #expect(try git("for-each-ref") == "")
    }

    @Test("an index that is cut off, of another version or lying about its length is none")
    func oddIndexes() throws {
        _ = try commit("a")
        try origin.git("gc", "-q")
        let pack = try #require(try packs(in: "\(origin.path)/.git").first)
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(pack).idx")))
        let index = try #require(PackIndex(bytes))
        let listed = try origin.git("show-index", "--", input: "\(pack).idx")
        #expect(index.objects.count == listed.count)
        for line in listed {
            let words = line.split(separator: " ")
            #expect(index.offset(of: try #require(ObjectID(words[1]))) == UInt64(words[0]))
        }
        #expect(index.offset(of: try #require(ObjectID(String(repeating: "0", count: 40)))) == nil)
        #expect(PackIndex(Array(bytes.dropLast(41))) == nil)
        #expect(PackIndex([]) == nil)
        var other = bytes
        other[7] = 3
        #expect(PackIndex(other) == nil)
        other = bytes
        other[8 + 255 * 4] = 0x7f
        #expect(PackIndex(other) == nil)
    }

    private func packs(in gitDirectory: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(gitDirectory)/objects/pack")
            .filter { $0.hasSuffix(".idx") }.map { "\(gitDirectory)/objects/pack/\($0.dropLast(4))" }
    }
}

extension TestRepository {
    /// Runs a git command that reads a file from its standard input; its lines.
    fileprivate func git(_ words: String..., input file: String) throws -> [Substring] {
        let command = "git \(words[0]) < \"$1\""
        return try CompletedProcess.run(
            "/bin/sh", ["-c", command, "sh", file], environment: ["PATH=/usr/bin:/bin"], directory: path
        ).text.split(separator: "\n")
    }
}
