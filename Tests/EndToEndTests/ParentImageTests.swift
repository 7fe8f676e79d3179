import BakeModel
import BakeTestSupport
import Foundation
import Testing

/// Images that start from another pipeline's image.
@Suite struct ParentImageTests {
    private static let parent =
        "name: base\nstages:\n  os: { import: base.tar.gz, add: { /etc/base: src/page.txt } }\nimage: os\n"
    private static let policy = "environments:\n  production: {}\n"

    private static func child(of source: String) -> String {
        "name: child\nstages:\n  app: { from: \(source), add: { /srv/hello: src/hello } }\nimage: app\n"
    }

    private func repository(child source: String) throws -> SmallRepository {
        let small = try SmallRepository()
        try FileManager.default.removeItem(atPath: "\(small.git.path)/bake.yaml")
        try small.git.commit(files: [
            "bake/base.yaml": Self.parent, "bake/child.yaml": Self.child(of: source), "environments.yaml": Self.policy,
        ])
        #expect(try small.bake("build", "base", "-q").line == "base@1")
        #expect(try small.bake("env", "apply", "environments.yaml").status == 0)
        return small
    }

    @Test("from what a slot holds: its layers below, its ancestry in the record")
    func slot() throws {
        let small = try repository(child: "base:production")
        let early = try small.bake("build", "child")
        #expect(early.status == 4)
        #expect(early.errors.contains("cannot start the stage app from base:production"), "\(early.errors)")
        #expect(early.errors.contains("bake promote base production"))
        #expect(try small.bake("promote", "base@1", "production").status == 0)
        #expect(try small.bake("build", "child", "-q").line == "child@1")
        let parent = try small.bake("show", "base@1", "--json").json()
        let child = try small.bake("show", "child@1", "--json").json()
        let below = try #require(parent["layers"]?.items)
        let layers = try #require(child["layers"]?.items)
        #expect(layers.count == below.count + 1)
        #expect(Array(layers.prefix(below.count)) == below)
        #expect(child["generation"]?["bases"]?.items?.first?["generation"]?.string == "base@1")
        #expect(child["generation"]?["bases"]?.items?.first?["asked"]?.string == "base:production")
    }

    @Test("a numbered generation stays; an unknown one is exit 4")
    func numbered() throws {
        let small = try repository(child: "base@1")
        #expect(try small.bake("build", "child", "-q").line == "child@1")
        try small.commitPage("newer")
        #expect(try small.bake("build", "base", "-q").line == "base@2")
        #expect(try small.bake("build", "child").output.contains("child@1 stands"))
        try small.git.commit(files: ["bake/child.yaml": Self.child(of: "bse@1")])
        let unknown = try small.bake("build", "child")
        #expect(unknown.status == 4)
        #expect(unknown.errors.contains("did you mean \"base\"?"), "\(unknown.errors)")
    }

    @Test("status shows a child whose parent has moved on, and --stale bakes it, and only it")
    func stale() throws {
        let small = try repository(child: "base:production")
        _ = try small.bake("promote", "base@1", "production")
        _ = try small.bake("build", "child")
        #expect(try !small.bake("status").output.contains("stale"))
        try small.commitPage("newer")
        _ = try small.bake("build", "base")
        #expect(try small.bake("build", "--stale").errors.contains("nothing is stale"))
        _ = try small.bake("promote", "base@2", "production")
        let status = try small.bake("status")
        #expect(status.output.contains("child@1  base@1 -> base@2"), "\(status.output)")
        let stale = try small.bake("build", "--stale", "-q")
        #expect(stale.status == 0, "\(stale.errors)")
        #expect(stale.line == "child@2")
        #expect(try !small.bake("status").output.contains("stale"))
        let shown = try small.bake("show", "child@2", "--json").json()
        #expect(shown["generation"]?["bases"]?.items?.first?["generation"]?.string == "base@2")
    }
}
