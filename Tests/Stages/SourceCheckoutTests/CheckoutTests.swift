import BakeModel
import Foundation
import GitFixtures
import GitRepository
import LinuxSystem
import Testing

@testable import SourceCheckout

@Suite struct CheckoutTests {
    private let repository: TestRepository

    init() throws { repository = try TestRepository() }

    private func checkout(_ revision: String? = nil) throws -> Checkout {
        try Checkout.local(repository.path, revision: revision, program: BuiltBake.program)
    }

    private func paths(_ checkout: Checkout, _ pattern: String, contents: Bool = false) throws -> [String] {
        try checkout.select(PathPattern(text: pattern, contents: contents)).map(\.path.description)
    }

    @Test func readsFromTheCommitAndNotFromTheWorkTree() throws {
        let commit = try repository.commit(files: ["bake.yaml": "name: web\n"])
        try repository.write("bake.yaml", "name: other\n")
        let checkout = try checkout()
        #expect(checkout.commit.id.hex == commit && checkout.source == repository.path)
        #expect(try checkout.read(TreePath(cleaning: "bake.yaml"), limit: 100) == Array("name: web\n".utf8))
    }

    @Test("many files at once come from the work tree where it has the commit's bytes, and else from the commit")
    func workTreeCopies() throws {
        try repository.commit(files: [
            "here": "1", "changed": "2", "gone": "3", "link": "4", "fifo": "5", "sub/at": "6",
        ])
        let checkout = try checkout()
        let files = try checkout.tree.files
        let object = try #require(files.first { $0.path.description == "here" }?.object.hex)
        try FileManager.default.removeItem(
            atPath: "\(repository.path)/.git/objects/\(object.prefix(2))/\(object.dropFirst(2))")
        let script = """
            printf 22 > changed; rm gone link fifo; mv sub ../outside; mkdir away
            printf 4 > away/link; ln -s away/link link; mkfifo fifo; ln -s ../outside sub
            """
        #expect(
            try CompletedProcess.run(
                "/bin/sh", ["-c", script], environment: ["PATH=/usr/bin:/bin"], directory: repository.path
            )
            .ending.succeeded)
        let texts = try checkout.read(files, limit: 100).map { String(decoding: $0, as: UTF8.self) }
        #expect(
            texts.joined() == "253146"
                && files.map(\.path.description).joined(separator: " ") == "changed fifo gone here link sub/at")
        #expect(throws: (any Error).self) { try checkout.read(files, limit: 0) }
        try repository.write("here", "7")
        #expect(throws: (any Error).self) { try checkout.read(files, limit: 100) }
    }

    @Test("a work tree of other files is not read to its end")
    func otherWorkTree() throws {
        let names = (10..<30).map { "f\($0)" }
        try repository.commit(files: Dictionary(names.map { ($0, $0) }) { $1 })
        let checkout = try checkout()
        for name in names.dropLast() { try repository.write(name, "other") }
        let files = try checkout.tree.files
        #expect(try checkout.read(files, limit: 100) == names.map { Array($0.utf8) })
        let copies = try #require(WorkTreeCopies(repository.path))
        #expect(copies.bytes(of: files, limit: 100).allSatisfy { $0 == nil })
        #expect(copies.bytes(of: files.suffix(2), limit: 3) == [nil, Array("f29".utf8)])
        #expect(copies.bytes(of: files.suffix(1), limit: 2) == [nil])
    }

    @Test func namesTheOriginWithoutPassword() throws {
        try repository.commit(files: ["a": "1"])
        try repository.git("remote", "add", "origin", "https://taro:secret@git.example/web.git")
        #expect(try checkout().source == "https://git.example/web.git")
    }

    @Test("thousands of commits are read in pages, none is lost, and their order is git's")
    func longHistory() throws {
        let script = """
            for i in $(seq 2500); do
              printf 'commit refs/heads/main\\ncommitter Taro <taro%s@bake.example> %s +0000\\ndata 0\\n\\n' $i $((1700000000 + i))
            done | git fast-import --quiet
            """
        let run = try CompletedProcess.run(
            "/bin/sh", ["-c", script], environment: ["PATH=/usr/bin:/bin"], directory: repository.path)
        #expect(run.ending.succeeded, "\(run.lastErrors)")
        let checkout = try checkout("main")
        let told = try repository.git("log", "--format=%H %ce", "main").split(separator: "\n").map(String.init)
        #expect(told.count == 2500)
        #expect(try checkout.commits(without: nil, limit: 9999).map { "\($0.id) \($0.committer.mail)" } == told)
        let older = try #require(CommitID(String(told[2100].prefix(40))))
        #expect(
            try checkout.commits(without: older, limit: 2001).map(\.id.hex)
                == told.prefix(2001).map { String($0.prefix(40)) })
    }

    @Test func selectsFiles() throws {
        try repository.commit(files: ["src/a.c": "1", "src/deep/b.c": "2", "Makefile": "3"])
        let checkout = try checkout()
        #expect(try paths(checkout, "src") == ["src/a.c", "src/deep/b.c"])
        #expect(try paths(checkout, "src", contents: true) == ["src/a.c", "src/deep/b.c"])
        #expect(try paths(checkout, "**/*.c") == ["src/a.c", "src/deep/b.c"])
        #expect(try paths(checkout, "Makefile") == ["Makefile"])
        #expect(try checkout.sizes(of: [#require(checkout.tree.files.first)]) == [1])
    }

    @Test func saysWhatIsNearlyCalledSo() throws {
        try repository.commit(files: ["Makefile": "", "src/main.c": "", "docs/readme.md": ""])
        let checkout = try checkout()
        func hint(_ text: String) -> String? { ExplainedFailure.of { try paths(checkout, text) }?.hint }
        #expect(hint("makefile") == "there is Makefile")
        #expect(hint("src/mian.c") == "there is src/main.c")
        #expect(hint("main.c") == "there is src/main.c")
        #expect(hint("Src") == "there is src")
        #expect(hint("entirely-other") == nil)
        #expect(
            ExplainedFailure.of { try checkout.read(TreePath(cleaning: "READMe.md"), limit: 9) }?.hint
                == "there is docs/readme.md")
    }

    @Test(arguments: ["src/deep", "src/deep/*.c", "src/**/*.c", "src", "Makefile", "**/b.c"])
    func readsOnlyPartOfTheTreeAndFindsTheSame(_ pattern: String) throws {
        try repository.commit(files: ["src/a.c": "1", "src/deep/b.c": "2", "Makefile": "3", "other/b.c": "4"])
        let checkout = try checkout()
        let matcher = try PathMatcher(PathPattern(text: pattern, contents: false))
        let expected = try checkout.tree.files.filter { matcher.matches($0.path) }
        #expect(try !expected.isEmpty && checkout.select(PathPattern(text: pattern, contents: false)) == expected)
    }

    @Test func saysThatWildcardsNameFiles() throws {
        try repository.commit(files: ["src/a.c": ""])
        let checkout = try checkout()
        let error = try #require(ExplainedFailure.of { try paths(checkout, "s*") })
        #expect(error.hint == "'s*/**' names the files below them")
        #expect(try paths(checkout, "s*/**") == ["src/a.c"])
    }

    @Test func saysThatAFileWasNeverCommitted() throws {
        try repository.commit(files: ["a": ""])
        try repository.write("bake.yaml", "name: web\n")
        let checkout = try checkout()
        let error = try #require(ExplainedFailure.of { try checkout.read(TreePath(cleaning: "bake.yaml"), limit: 9) })
        #expect(error.reason.contains("work tree") && error.hint == "git add bake.yaml, then git commit")
        #expect(error.exit == .usage)
    }

    @Test func refusesALinkWhereAFileIsNeeded() throws {
        try repository.commit(files: ["real": "x"])
        try FileManager.default.createSymbolicLink(
            atPath: "\(repository.path)/bake.yaml", withDestinationPath: "/etc/passwd")
        try repository.commit()
        let checkout = try checkout()
        #expect(throws: PathError.self) { try checkout.read(TreePath(cleaning: "bake.yaml"), limit: 9999) }
        let link = try #require(checkout.tree.files.first { $0.mode == .symlink })
        #expect(try checkout.read(link, limit: 100) == Array("/etc/passwd".utf8))
    }

    @Test func refusesAFileAsADirectory() throws {
        try repository.commit(files: ["a": "x"])
        #expect(throws: PathError.notDirectory("a", try checkout().commit.id)) {
            try paths(checkout(), "a", contents: true)
        }
    }

    @Test func refusesASubmoduleOnlyWhereItIsRead() throws {
        let commit = try repository.commit(files: ["src/a": "x"])
        try repository.git("update-index", "--add", "--cacheinfo", "160000,\(commit),vendor/lib")
        try repository.git("commit", "-q", "-m", "submodule")
        let checkout = try checkout()
        #expect(try paths(checkout, "src") == ["src/a"])
        for text in ["vendor", "vendor/lib", "vendor/lib/file", "**", "vendor/*"] {
            let error = ExplainedFailure.of { try paths(checkout, text) }
            #expect(error?.reason.contains("submodule") == true, "\(text)")
        }
    }

    @Test func fetchesFirstWhereTheSourceIsElsewhere() throws {
        let commit = try repository.commit(files: ["a": "x"])
        let (source, revision) = try CheckoutSource.parse("file://\(repository.path)#main")
        guard case .remote(let url) = source else {
            Issue.record("\(source)")
            return
        }
        let checkout = try Checkout.remote(
            url, revision: revision, mirrors: "\(repository.directory.path)/git", program: BuiltBake.program)
        #expect(checkout.commit.id.hex == commit && checkout.source == url.text)
        #expect(try checkout.dirtyPaths { _ in true }.isEmpty)
    }

    @Test func parsesWhatPeopleType() throws {
        #expect(try CheckoutSource.parse("../web#1").source == .local("../web#1"))
        #expect(try CheckoutSource.parse("https://h/x#v1").revision == "v1")
        #expect(try CheckoutSource.parse("https://h/x#").revision == nil)
        #expect(throws: RemoteURLError.self) { try CheckoutSource.parse("git://h/x") }
    }
}
