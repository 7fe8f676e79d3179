import BakeModel
import StageEngine
import Testing

@testable import LayerBuild

@Suite struct AddPlacementTests {
    @Test(
        "where a file lands: source, path in the source, destination, target",
        arguments: [
            ("ops/nginx.conf", "ops/nginx.conf", "/etc/nginx/nginx.conf", "etc/nginx/nginx.conf"),
            ("ops/nginx.conf", "ops/nginx.conf", "/etc/nginx/", "etc/nginx/nginx.conf"),
            ("site", "site/css/a.css", "/srv/www", "srv/www/css/a.css"),
            ("site", "site/css/a.css", "/srv/www/", "srv/www/site/css/a.css"),
            ("site/", "site/css/a.css", "/srv/www", "srv/www/css/a.css"),
            ("site/", "site/css/a.css", "/srv/www/", "srv/www/css/a.css"),
            ("src/**/*.html", "src/a/b.html", "/srv/", "srv/a/b.html"), ("*.c", "x.c", "/usr/src/", "usr/src/x.c"),
            ("**", "a/b", "/", "a/b"),
        ])
    func targets(source: String, path: String, destination: String, target: String) throws {
        let rule = AddRule(
            destination: try TreePath(cleaning: destination), intoDirectory: destination.hasSuffix("/"),
            source: .checkout(
                PathPattern(
                    text: source.hasSuffix("/") ? String(source.dropLast()) : source, contents: source.hasSuffix("/"))))
        #expect(try AddPlacement(rule).target(of: TreePath(cleaning: path))?.description == target)
    }

    @Test("what the source does not name lands nowhere")
    func outside() throws {
        let source = ContentSource.stage(
            try #require(StageName("site")),
            StagePath(path: try TreePath(cleaning: "dist"), inRoot: false, contents: true))
        let rule = AddRule(destination: try TreePath(cleaning: "/srv"), intoDirectory: true, source: source)
        #expect(try AddPlacement(rule).target(of: TreePath(cleaning: "distant/a")) == nil)
        #expect(try AddPlacement(rule).target(of: TreePath(cleaning: "dist/a"))?.description == "srv/a")
    }
}

@Suite struct StageKeyTests {
    /// Every part of a stage that changes its bytes changes its key.
    @Test func everythingCounts() throws {
        let name = try #require(StageName("app"))
        func key(_ text: String, mode: UInt16? = nil, owner: OwnerName = .root, into: Bool = false) throws -> StageKey {
            let rule = AddRule(
                destination: try TreePath(cleaning: text), intoDirectory: into,
                source: .checkout(PathPattern(text: "a", contents: false)), mode: mode, owner: owner)
            let addition = StageAddition(
                rule: rule, content: .checkout(PathPattern(text: "a", contents: false), SelectedFiles { [] }))
            return try StageRecipe(
                stage: Stage(name: name, root: .scratch, add: [rule]), base: .scratch, additions: [addition], inputs: []
            ).key()
        }
        let keys = try [
            key("/x"), key("/y"), key("/x", mode: 0o644), key("/x", mode: 0o755), key("/x", into: true),
            key("/x", owner: OwnerName(user: "33", group: "33")),
        ]
        #expect(Set(keys.map(\.digest)).count == keys.count)
    }

    @Test("inputs that name other paths of one stage are other inputs")
    func inputPaths() throws {
        let name = try #require(StageName("app"))
        let other = try #require(StageName("site"))
        let built = BuiltStage(layers: [], output: nil, configuration: ImageConfiguration())
        func key(_ path: String) throws -> StageKey {
            let stagePath = StagePath(path: try TreePath(cleaning: path), inRoot: false, contents: true)
            let run = RunStep(command: .shell("true"), inputs: [.stage(other, stagePath)], output: [])
            return try StageRecipe(
                stage: Stage(name: name, root: .scratch, run: run), base: .scratch, additions: [],
                inputs: [.stage(other, stagePath, built)]
            ).key()
        }
        #expect(try key("dist").digest != key("docs").digest)
    }
}
