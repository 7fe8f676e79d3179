import BakeModel
import BakeTestSupport
import Foundation
import GitFixtures
import Testing

@Suite struct DifferenceTests {
    private static func twoGenerations() throws -> SmallRepository {
        let small = try SmallRepository()
        #expect(try small.bake("init").status == 0)
        #expect(try small.bake("build").status == 0)
        try small.commitPage("hello again")
        #expect(try small.bake("build").status == 0)
        return small
    }

    @Test("two generations differ in the commit's file and nothing else, as umoci and diff -rq find too")
    func generations() throws {
        let small = try Self.twoGenerations()
        let screen = try small.bake("diff", "small@1", "small@2")
        #expect(screen.status == 0)
        let headline = screen.line.split(separator: "\n").first ?? ""
        #expect(headline.hasPrefix("small@1 -> small@2   1 commit, 0 packages, 1 file (+1 -1 lines), image "))
        #expect(screen.line.contains("\n    -HELLO\n    +HELLO AGAIN"))
        #expect(screen.line.contains("\"Say hello again\""))
        // One argument: with the generation before it.
        #expect(try small.bake("diff", "small@2").output == screen.output)
        let found = try small.bake("diff", "small@1", "small@2", "--json").json()["files"]?.all { $0["path"]?.string }
        #expect(try found == Self.foreignDifferences(small))
    }

    /// The paths that differ between the two images, unpacked by umoci.
    private static func foreignDifferences(_ small: SmallRepository) throws -> [String] {
        for number in 1...2 {
            try ForeignTool.run(
                "umoci",
                ["unpack", "--image", "\(small.store):small@\(number)", "\(small.git.directory.path)/\(number)"])
        }
        let script = "diff -rq --no-dereference 1/rootfs 2/rootfs | sed -n 's|^Files 1/rootfs\\(.*\\) and .*|\\1|p'"
        let text = try ForeignTool.run("sh", ["-c", script], directory: small.git.directory.path)
        return text.split(separator: "\n").map(String.init)
    }

    @Test("nothing differs, everything is refused that is no comparison, and --exit-code tells")
    func ends() throws {
        let small = try Self.twoGenerations()
        let same = try small.bake("diff", "small@1", "small@1", "--exit-code")
        #expect(same.line == "small@1 -> small@1   no difference" && same.status == 0)
        #expect(try small.bake("diff", "small@1", "small@2", "--exit-code").status == 1)
        #expect(try small.bake("diff", "small@1").status == 2)
        #expect(try small.bake("diff", "small@1", "small@9").status == 4)
        #expect(try small.bake("diff", "small@1", "small@2:/etc").line.hasSuffix("no difference"))
    }

    @Test("an exported root is the image that it came from, until a file of it changes")
    func directory() throws {
        let small = try Self.twoGenerations()
        let top = small.git.directory.path
        #expect(try small.bake("export", "small@2", "-o", "\(top)/root.tar.gz").status == 0)
        try ForeignTool.run("sh", ["-c", "mkdir root && tar -C root -xpzf root.tar.gz"], directory: top)
        #expect(try small.bake("diff", "\(top)/root", "small@2").line.hasSuffix("no difference"))
        try ForeignTool.run("sh", ["-c", "rm root/etc/group; chmod 600 root/etc/passwd"], directory: top)
        let files = try small.bake("diff", "small@2", "\(top)/root", "--stat").line.split(separator: "\n").suffix(2)
        #expect(files == ["  removed  /etc/group  10 B", "  changed  /etc/passwd  mode 0644 -> 0600"])
    }

    @Test("a file's origin: the stage, and the newest commit that changed its source")
    func origin() throws {
        let small = try Self.twoGenerations()
        try small.git.write("src/hello", "#!/bin/sh\n# As before.\necho hi there\n")
        try small.git.commit("Another greeting")
        try small.commitPage("hello third")
        #expect(try small.bake("build").status == 0)
        let hello = try small.bake("why", "small@3:/bin/hello")
        #expect(hello.status == 0 && hello.line.hasPrefix("/usr/bin/hello\n  stage   app\n"))
        #expect(hello.line.contains("source  src/hello\n") && hello.line.contains("\"Another greeting\""))
        // Made by a command: the generation's commit is all that is known.
        let page = try small.bake("why", "small@3:/srv/page.txt")
        #expect(page.line.contains("\"Say hello third\", or one before it"))
        let base = try small.bake("why", "small@3:/bin/sh", "--json").json()
        #expect(base["path"]?.string == "/usr/bin/sh" && base["commit"] == .null)
        #expect(try small.bake("why", "small@3:/no/such").status == 4)
    }

    @Test("Markdown: nothing in a commit's message ends the block that it stands in")
    func markdown() throws {
        let small = try Self.twoGenerations()
        try small.git.write("src/page.txt", "hello ```\n| a |\n")
        try small.git.commit("Use ``` and | here")
        #expect(try small.bake("build").status == 0)
        let text = try small.bake("diff", "small@2", "small@3", "--markdown").line
        #expect(text.hasPrefix("### small\\@2 \\-\\> small\\@3"))
        #expect(text.contains("````diff\n"))
    }
}
