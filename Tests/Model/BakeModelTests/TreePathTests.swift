import BakeModel
import Testing

@Suite struct TreePathTests {
    @Test func cleaning() throws {
        #expect(try TreePath(cleaning: "./a//b/") == TreePath(cleaning: "/a/b"))
        #expect(throws: TreePath.Fault.leavesRoot) { try TreePath(cleaning: "a/../../b") }
        #expect(throws: TreePath.Fault.containsNUL) { try TreePath(cleaning: [0x61, 0]) }
    }

    @Test("a directory is followed by what is below it")
    func order() throws {
        let sorted = try ["a", "a/b", "a/b/c", "a-b", "a.c", "b"].map { try TreePath(cleaning: $0) }
        #expect(sorted.reversed().sorted() == sorted)
    }

    @Test func relatives() throws {
        let path = try TreePath(cleaning: "a/bc/d")
        #expect(path.relative(to: try TreePath(cleaning: "a/bc"))?.description == "d")
        #expect(path.relative(to: try TreePath(cleaning: "a/b")) == nil)
        #expect(path.parent.description == "a/bc")
        #expect(path.name.elementsEqual("d".utf8))
    }

    @Test("names that Unicode calls equal are two files")
    func bytes() throws {
        #expect(try TreePath(cleaning: "e\u{301}") != TreePath(cleaning: "é"))
    }
}
