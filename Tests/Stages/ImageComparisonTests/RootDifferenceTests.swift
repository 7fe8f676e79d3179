import BakeModel
import BlobStorage
import Testing

@testable import ImageComparison

@Suite struct RootDifferenceTests {
    private let bench: Workbench
    private let store: BlobStore

    init() throws {
        bench = try Workbench()
        store = try bench.store()
    }

    private func paths(_ scripts: [String]) throws -> [String] {
        let layers = try scripts.map { try bench.layer($0, in: store) }
        return try ComparedRoot.image(layers, store).index().entries.keys.sorted().map(\.description)
    }

    private func difference(_ old: [String], _ new: [String]) throws -> RootDifference {
        let sides = try [old, new].map { scripts in
            ComparedRoot.image(try scripts.map { try bench.layer($0, in: store) }, store)
        }
        return try RootDifference(from: sides[0], to: sides[1])
    }

    @Test("a whiteout hides what lies below it in lower layers, and nothing of its own layer")
    func whiteout() throws {
        let found = try paths([
            "mkdir -p a/deep b; touch a/deep/x a/y b/z ab",
            "mkdir a; touch .wh.b .wh.a a/new",
        ])
        #expect(found == ["a", "a/new", "ab"])
    }

    @Test("an opaque directory shows its own layer alone, wherever the mark stands in the archive")
    func opaque() throws {
        let found = try paths([
            "mkdir -p a/sub c; touch a/old a/sub/x c/kept", "mkdir a; touch a/.wh..wh..opq a/-first",
        ])
        #expect(found == ["a", "a/-first", "c", "c/kept"])
    }

    @Test("a file in a directory's place hides what was in the directory")
    func replaced() throws {
        #expect(try paths(["mkdir a; touch a/x", "echo file > a"]) == ["a"])
    }

    @Test("each kind of change is named, and a hard link is compared as the file that it is")
    func aspects() throws {
        let difference = try difference(
            [
                "mkdir d; echo 1 > mode; echo 1 > text; ln -s a link; echo 2 > kind;"
                    + " echo same > d/f; ln d/f hard; touch gone"
            ],
            [
                "mkdir d; echo 1 > mode; chmod 600 mode; echo 2 > text; ln -s b link; mkdir kind; echo same > d/f;"
                    + " echo same > hard; touch new"
            ])
        let found = difference.files.map { change in
            let kind = change.before == nil ? "added" : change.after == nil ? "removed" : ""
            return "\(change.path) \(kind)\(change.aspects.map(\.rawValue).joined(separator: ","))"
        }
        #expect(
            found == [
                "gone removed", "kind kind,mode", "link link", "mode mode", "new added", "text content",
            ])
        let text = difference.files.last?.text
        #expect(text?.hunks.map { String(decoding: $0, as: UTF8.self) } == ["@@ -1 +1 @@", "-1", "+2"])
    }

    @Test("packages that came, went and changed; what is not installed does not count")
    func packages() throws {
        let note = { (name: String, version: String, status: String) in
            "Package: \(name)\\nStatus: \(status)\\nArchitecture: amd64\\nVersion: \(version)\\n\\n"
        }
        let installed = "install ok installed"
        let script = { (text: String) in "mkdir -p var/lib/dpkg; printf '\(text)' > var/lib/dpkg/status" }
        let difference = try difference(
            [
                script(
                    note("a", "1", installed) + note("b", "1", installed) + note("c", "1", "deinstall ok config-files"))
            ],
            [script(note("a", "2", installed) + note("c", "1", installed))])
        let found = difference.packages.map { "\($0.name) \($0.before ?? "-") \($0.after ?? "-")" }
        #expect(found == ["a 1 2", "b 1 -", "c - 1"])
    }

    @Test("layers that both have are not compared, and what an upper layer changes is")
    func shared() throws {
        let base = "mkdir etc; echo 1 > etc/a; echo 2 > etc/b"
        let changed = try difference(
            [base, "mkdir etc; echo 3 > etc/a"], [base, "mkdir etc; echo 4 > etc/a; touch etc/.wh.b"])
        #expect(changed.sharedLayers == 1)
        #expect(changed.files.map(\.path.description) == ["etc/a", "etc/b"])
        #expect(try difference([base], [base]).files.isEmpty)
    }

    @Test("a directory and the image of the same files are equal; links are not followed")
    func directory() throws {
        let layer = try bench.layer("mkdir d; echo 1 > d/f; ln -s /etc/passwd link; ln d/f hard", in: store)
        let image = ComparedRoot.image([layer], store)
        let tree = ComparedRoot.directory("\(bench.path)/tree")
        #expect(try RootDifference(from: tree, to: image).files.isEmpty)
        try bench.shell("echo 2 > tree/d/f; chmod 700 tree/d")
        let found = try RootDifference(from: image, to: tree).files.map { ($0.path.description, $0.aspects) }
        #expect(found.map(\.0) == ["d", "d/f", "hard"])
        #expect(found.map(\.1) == [[.mode], [.content], [.content]])
    }

    @Test("a layer whose bytes are not its digest's is refused")
    func damaged() throws {
        let good = try bench.layer("echo 1 > a", in: store)
        let other = Layer(blob: good.blob, size: good.size, diffID: DiffID(Digest.of([1])), tarSize: 0)
        #expect(throws: (any Error).self) { try ComparedRoot.image([other], store).index() }
    }

    @Test("links on the way to a path are followed, a link at its end is not, and a loop ends")
    func places() throws {
        let layer = try bench.layer(
            "mkdir -p usr/bin; touch usr/bin/x; ln -s usr/bin bin; ln -s x usr/bin/y; ln -s /bin abs; ln -s l l",
            in: store)
        let index = try ComparedRoot.image([layer], store).index()
        let place = { (path: String) in index.place(of: try TreePath(cleaning: path))?.description }
        #expect(try place("bin/x") == "usr/bin/x" && place("abs/y") == "usr/bin/y" && place("bin") == "bin")
        #expect(try place("l/x") == nil && place("none") == nil)
    }
}
