import BakeModel
import BakePipeline
import Testing

@Suite struct PipelineLocatorTests {
    private static let pipeline = "name: x\nstages: {os: {from: scratch}}\nimage: os\n"

    @Test("the only pipeline file needs no name; its lock lies beside it under the pipeline's name")
    func only() throws {
        let root = try locator(["bake.yaml", "src/bake.yaml", "README"]).locate()
        #expect(root.file.description == "bake.yaml")
        #expect(root.lock(of: try #require(PipelineName("web"))).description == "web.lock")
        let folder = try locator(["bake/web.yaml", "bake/web.lock"]).locate()
        #expect(folder.lock(of: try #require(PipelineName("web"))).description == "bake/web.lock")
    }

    @Test("a spec beside pipelines is no pipeline; a broken file is, so that its faults are shown")
    func specs() throws {
        let content = ["bake/goss.yaml": "file: {}", "bake/broken.yaml": "a: [", "bake/web.yaml": Self.pipeline]
        let locator = try locator(["bake/goss.yaml", "bake/broken.yaml", "bake/web.yaml"], content)
        #expect(locator.files.map(\.description) == ["bake/broken.yaml", "bake/web.yaml"])
    }

    @Test("a name finds bake/NAME.yaml, or bake.yaml if that turns out to hold it; a path finds any file")
    func choices() throws {
        let locator = try locator(["bake.yaml", "bake/web.yaml", "ci/book.yaml"])
        #expect(try locator.locate("web").file.description == "bake/web.yaml")
        #expect(try locator.locate("./ci/book.yaml").file.description == "ci/book.yaml")
        let other = try locator.locate("wbe")
        #expect(other.file.description == "bake.yaml")
        let web = try PipelineFile.read(
            Array(Self.pipeline.replacing("name: x", with: "name: web").utf8), at: TreePath(cleaning: "bake.yaml"))
        let fault = #expect(throws: PipelineLocationFault.self) { try other.confirm(web) }
        #expect(fault?.hint == "did you mean \"web\"?")
        #expect(fault?.exit == .notFound)
    }

    @Test("none, several, unknown: what the person may do next")
    func faults() throws {
        let none = #expect(throws: PipelineLocationFault.self) { try locator([]).locate() }
        #expect(none?.exit == .notFound)
        let misnamed = #expect(throws: PipelineLocationFault.self) { try locator(["bake.yml"]).locate() }
        #expect(misnamed?.hint == "git mv bake.yml bake.yaml")
        let two = try locator(["bake/web.yaml", "bake/worker.yaml"])
        let several = #expect(throws: PipelineLocationFault.self) { try two.locate() }
        #expect(several?.reason == "the commit has 2: web, worker")
        #expect(several?.hint == "name one, as in: bake build web, bake lock web")
        #expect(several?.exit == .usage)
        let unknown = #expect(throws: PipelineLocationFault.self) { try two.locate("wroker") }
        #expect(unknown?.hint == "did you mean \"worker\"?")
        let outside = #expect(throws: PipelineLocationFault.self) { try two.locate("../bake.yaml") }
        #expect(outside?.exit == .notFound)
    }

    private func locator(_ paths: [String], _ content: [String: String] = [:]) throws -> PipelineLocator {
        try PipelineLocator(paths: paths.map { try TreePath(cleaning: $0) }) { path throws(Never) -> [UInt8]? in
            Array((content[path.description] ?? Self.pipeline).utf8)
        }
    }
}
