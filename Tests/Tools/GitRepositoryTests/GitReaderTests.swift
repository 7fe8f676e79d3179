import BakeModel
import GitFixtures
import LinuxSystem
import Testing

@testable import GitRepository

/// Expected values come from git itself.
@Suite struct GitReaderTests {
    private func reader(_ path: String, _ limits: GitLimits = GitLimits()) throws -> GitReader {
        try GitReader.open(path, program: BuiltBake.program, limits: limits)
    }

    @Test func readsACommitAsGitDoes() throws {
        let repository = try TestRepository()
        let first = try repository.commit(files: ["a": "1"])
        let second = try repository.commit(files: ["a": "2"], "Fix header\n\nBecause.")
        let commit = try reader(repository.path).commit(#require(CommitID(second)))
        #expect(commit.tree.hex == (try repository.git("rev-parse", "HEAD^{tree}")))
        #expect(commit.parents.map(\.hex) == [first])
        #expect(commit.author.name == "Hanako" && commit.author.mail == "hanako@bake.example")
        #expect(commit.author.time.seconds == 1_700_000_000 && commit.author.offsetMinutes == 540)
        #expect(commit.committer.time.seconds == 1_700_000_100 && commit.committer.offsetMinutes == -210)
        #expect(commit.summary == "Fix header")
        #expect(commit.message == Array("Fix header\n\nBecause.\n".utf8))
    }

    @Test func resolvesWhatGitResolves() throws {
        let repository = try TestRepository()
        try repository.commit(files: ["a": "1"])
        try repository.git("tag", "-a", "v1", "-m", "one")
        try repository.git("tag", "-a", "v1-again", "-m", "a tag of a tag", "v1")
        try repository.commit(files: ["a": "2"])
        let head = try repository.git("rev-parse", "HEAD")
        let reader = try reader(repository.path)
        for name in ["HEAD", "main", "v1", "v1-again", "HEAD~1", String(head.prefix(8)), head, "refs/heads/main"] {
            #expect(try reader.resolve(name).hex == repository.git("rev-parse", "\(name)^{commit}"), "\(name)")
        }
        #expect(try reader.resolve(nil).hex == head)
    }

    @Test(arguments: ["nothing", "0123456789012345678901234567890123456789", "main:a", "a b", ""])
    func refusesWhatNamesNoCommit(_ revision: String) throws {
        let repository = try TestRepository()
        try repository.commit(files: ["a": "1"])
        let reader = try reader(repository.path)
        #expect(ExplainedFailure.of { try reader.resolve(revision) } != nil)
        #expect(try reader.resolve("main").hex == repository.git("rev-parse", "main"))
    }

    @Test func saysThatARevisionIsUnknown() throws {
        let repository = try TestRepository()
        let empty = try #require(throws: RemoteError.self) { try reader(repository.path).resolve(nil) }
        #expect(empty.exit == .notFound && empty.hint == "git commit")
        try repository.commit(files: ["a": "1"])
        let unknown = try #require(throws: RemoteError.self) { try reader(repository.path).resolve("nope") }
        #expect(unknown.exit == .notFound && unknown.subject == "nope")
    }

    @Test func saysThatAShortNameIsAmbiguous() throws {
        let repository = try TestRepository()
        // Two blobs whose names begin alike, found by trying (git hash-object).
        var seen: [String: Int] = [:]
        var prefix = ""
        for number in 0..<2000 where prefix.isEmpty {
            let short = String(Self.hash(Array("\(number)".utf8))?.hex.prefix(4) ?? "")
            if let other = seen[short] {
                prefix = short
                try repository.commit(files: ["a": "\(other)", "b": "\(number)"])
            }
            seen[short] = number
        }
        let error = try #require(throws: RemoteError.self) { try reader(repository.path).resolve(prefix) }
        #expect(error.exit == .notFound && error.hint == "give more digits")
    }

    @Test func hashesAsGitDoes() throws {
        let repository = try TestRepository()
        for text in ["", "x", String(repeating: "long line\n", count: 30_000)] {
            try repository.write("file", text)
            #expect(Self.hash(Array(text.utf8))?.hex == (try repository.git("hash-object", "file")))
        }
    }

    private static func hash(_ bytes: [UInt8]) -> ObjectID? {
        var hasher = ObjectHasher(kind: .blob, size: bytes.count)
        bytes.withUnsafeBytes { hasher.update($0) }
        return hasher.finish()
    }

    @Test func readsAllFilesOfATree() throws {
        let repository = try TestRepository()
        try repository.commit(files: ["z": "1", "a/b/c": "2", "a.txt": "3", "a/b.c": "4", "日本/語": "5"])
        try repository.git("update-index", "--chmod=+x", "z")
        try repository.git(
            "update-index", "--add", "--cacheinfo", "120000,\(repository.git("hash-object", "-w", "z")),link")
        try repository.git("commit", "-q", "-m", "modes")
        let reader = try reader(repository.path)
        let tree = try reader.files(of: reader.commit(reader.resolve(nil)).tree)
        let listed = try repository.git("-c", "core.quotePath=false", "ls-tree", "-r", "HEAD")
        let lines = tree.files.map { file in
            let mode = [.regular: "100644", .executable: "100755", .symlink: "120000"][file.mode] ?? ""
            return "\(mode) blob \(file.object)\t\(file.path)"
        }
        #expect(lines.sorted() == listed.split(separator: "\n").map(String.init).sorted())
        #expect(tree.files == tree.files.sorted { $0.path < $1.path })
    }

    @Test func streamsABlobAndStopsAtALimit() throws {
        let repository = try TestRepository()
        let text = String(repeating: "0123456789", count: 200_000)
        try repository.commit(files: ["big": text])
        let reader = try reader(repository.path)
        let id = try #require(ObjectID(repository.git("rev-parse", "HEAD:big")))
        var (size, bytes) = (0, [UInt8]())
        try reader.blob(id, limit: 2_000_000, size: { size = $0 }, bytes: { bytes += $0 })
        #expect(size == 2_000_000 && bytes == Array(text.utf8))
        #expect(try reader.sizes(of: [id]) == [2_000_000])
        let error = try #require(throws: RemoteError.self) { try reader.blob(id, limit: 1_999_999) }
        #expect(error.reason.contains("2000000 bytes"))
        struct Enough: Error {}
        #expect(throws: Enough.self) {
            try reader.blob(id, limit: 2_000_000, size: { _ in }, bytes: { _ in throw Enough() })
        }
        #expect(try reader.blob(id, limit: 2_000_000).count == 2_000_000)
    }

    /// Those that a pack has as themselves, as differences from others, in the second pack, and not packed at all.
    @Test func readsSeveralBlobsHoweverTheyAreStored() throws {
        let repository = try TestRepository()
        let lines = (0..<400).map { "line \($0) of a file that changes a little\n" }
        for version in 0..<8 {
            try repository.commit(files: [
                "changing": lines.joined() + "version \(version)\n", "small\(version)": "\(version)",
            ])
        }
        try repository.git("repack", "-adfq", "--depth=50")
        try repository.commit(files: ["second": "of another pack", "empty": ""])
        try repository.git("repack", "-q")
        try repository.commit(files: ["loose": "not packed"])
        let names = try repository.git("cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)")
            .split(separator: "\n").filter { $0.hasSuffix(" blob") }.map { $0.prefix(40) }
        let found = try reader(repository.path).blobs(names.map { try #require(ObjectID($0)) }, limit: 1 << 20)
        #expect(names.count == 19 && found.count == names.count)
        for (name, bytes) in zip(names, found) {
            // The fixture drops a closing line feed.
            let text = String(decoding: bytes.last == 0x0a ? bytes.dropLast() : bytes[...], as: UTF8.self)
            #expect(text == (try repository.git("cat-file", "blob", String(name))), "\(name)")
        }
        let bases = try repository.git("cat-file", "--batch-all-objects", "--batch-check=%(deltabase)")
        #expect(bases.contains { $0 != "0" && $0 != "\n" }, "nothing is stored as a difference")
    }

    @Test func readsFromManyThreads() throws {
        let repository = try TestRepository()
        try repository.commit(files: Dictionary(uniqueKeysWithValues: (0..<50).map { ("f\($0)", "text \($0)") }))
        let reader = try reader(repository.path)
        let files = try reader.files(of: reader.commit(reader.resolve(nil)).tree).files
        let workers = (0..<8).map { _ in
            Worker { try files.map { try reader.blob($0.object, limit: 100) } }
        }
        let expected = files.map { Array("text \($0.path.description.dropFirst())".utf8) }
        for worker in workers { #expect(try worker.result() == expected) }
    }

    @Test func knowsHistory() throws {
        let repository = try TestRepository()
        let commits = try (0..<5).map { try repository.commit(files: ["a": "\($0)"], "\($0)") }.map { CommitID($0)! }
        try repository.git("checkout", "-q", "--orphan", "other")
        let stranger = try #require(CommitID(repository.commit("other")))
        let reader = try reader(repository.path)
        #expect(try reader.isAncestor(commits[0], of: commits[4]))
        #expect(try reader.isAncestor(commits[4], of: commits[4]))
        #expect(try !reader.isAncestor(commits[4], of: commits[0]))
        #expect(try !reader.isAncestor(stranger, of: commits[4]))
        #expect(
            try reader.log(from: commits[4], without: commits[1], limit: 10) == [commits[4], commits[3], commits[2]])
        #expect(try reader.log(from: commits[4], without: nil, limit: 2) == [commits[4], commits[3]])
    }
}
