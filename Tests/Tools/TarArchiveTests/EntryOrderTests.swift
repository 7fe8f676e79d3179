import BakeModel
import LinuxSystem
import Testing

@testable import TarArchive

@Suite struct EntryOrderTests {
    private func fault(_ entries: ReadEntry...) throws -> LayerWriteError? {
        do {
            _ = try Scratch().write("l.tgz", entries)
            return nil
        } catch let error as LayerWriteError { return error }
    }

    @Test("entries come in the order of a walk: a, a/b, a-b")
    func order() throws {
        let (a, below, beside) = (TreePath("a"), TreePath("a/b"), TreePath("a-b"))
        #expect(try fault(.other(a, .directory), .file(below, []), .file(beside, [])) == nil)
        let wrong = try fault(.other(a, .directory), .file(beside, []), .file(below, []))
        #expect(wrong == .outOfOrder(below, after: beside))
        #expect(try fault(.file(a, []), .file(a, [])) == .duplicate(a))
    }

    @Test("nothing lies below a file, and the root is a directory")
    func parents() throws {
        #expect(try fault(.file(TreePath("a"), []), .file(TreePath("a/b"), [])) == .belowFile(TreePath("a/b")))
        let link = ReadEntry.other(TreePath("a"), .symlink(target: [46]))
        #expect(try fault(link, .file(TreePath("a/b/c"), [])) == .belowFile(TreePath("a/b/c")))
        #expect(try fault(.file(.root, [])) == .rootNotDirectory)
    }

    @Test("a hard link names something that came before it")
    func links() throws {
        let (a, b) = (TreePath("a"), TreePath("b"))
        #expect(try fault(.other(a, .hardlink(to: b))) == .linkForward(a, to: b))
        #expect(try fault(.other(a, .hardlink(to: a))) == .linkForward(a, to: a))
        #expect(try fault(.other(a, .symlink(target: []))) == .badTarget(a))
        #expect(try fault(.other(a, .symlink(target: [65, 0]))) == .badTarget(a))
    }

    @Test("an attribute's name fits a pax record")
    func attributes() throws {
        for name in ["", "user.a=b", "user.\0"] {
            let entry = ReadEntry.file(TreePath("a"), [], attributes: [ExtendedAttribute(name: name, value: [])])
            #expect(try fault(entry) == .badAttribute(TreePath("a"), name: name))
        }
    }

    @Test("content has exactly the size that the entry says", arguments: [0, 4, 6, 600_000])
    func sizes(given: Int) throws {
        let writer = try LayerWriter(to: Scratch().create("l.tgz"), threads: 1)
        let path = TreePath("a")
        #expect(throws: LayerWriteError.wrongSize(path, expected: 5)) {
            try writer.append(
                TreeEntry(path: path, kind: .regular(size: 5), mode: 0o644),
                content: reading([UInt8](repeating: 1, count: given)))
        }
        #expect(throws: LayerWriteError.closed) { _ = try writer.finish() }
    }

    @Test("regular files, and only they, have content")
    func kinds() throws {
        let writer = try LayerWriter(to: Scratch().create("l.tgz"), threads: 1)
        #expect(throws: LayerWriteError.contentMismatch(TreePath("a"))) {
            try writer.append(TreeEntry(path: TreePath("a"), kind: .directory, mode: 0o755), content: reading([]))
        }
        let second = try LayerWriter(to: Scratch().create("l.tgz"), threads: 1)
        #expect(throws: LayerWriteError.contentMismatch(TreePath("a"))) {
            try second.append(TreeEntry(path: TreePath("a"), kind: .regular(size: 1), mode: 0o644))
        }
    }
}
