import BakeModel
import Testing

@testable import BakePipeline

@Suite struct PlanTests {
    @Test("the table names every node in an order that can be run, that of the file where it may")
    func table() throws {
        let plan = Plan(try Self.pipeline(), lock: try Self.lock(), policy: try Self.policy())
        #expect(
            PlanTable(plan).text == """
                checkout               the commit's files
                packages of os         2 debs
                os                     debian bookworm, 2 packages                                after packages of os
                packages of tools      not locked yet
                tools                  from os, 1 package                                         after packages of tools, os
                site                   from tools, run make dist                                  after tools, checkout
                app                    from os, add 2                                             after os, site, checkout
                check                  from tools, run test -n "$(ls src/*.html | sort | head -…  after tools, checkout
                image                  of app                                                     after app
                spec                   goss.yaml                                                  after image
                generation             of web                                                     after spec, check
                promote to staging     web:staging                                                after generation
                promote to production  web:production                                             after generation, promote to staging

                """)
    }

    @Test("a draft has no number and moves nowhere; without a lock the packages are not known")
    func draft() throws {
        let plan = Plan(try Self.pipeline(), policy: try Self.policy(), isDraft: true)
        #expect(plan.nodes.map(\.id).suffix(3) == ["stage/check", "image", "spec"])
        #expect(plan.node("fetch/os")?.summary == "not locked yet")
    }

    @Test("what the runner knows stands at the end of the line")
    func states() throws {
        let plan = try Self.small().with([
            "stage/os": .cached, "stage/end": .runs(why: "os\nchanged"), "image": .runs(why: nil),
        ])
        #expect(
            PlanTable(plan).text == """
                checkout    the commit's files
                os          from scratch, add 1  after checkout  cached
                end         from os              after os        will run: os\\u{a}changed
                image       of end               after end       will run
                generation  of web               after image

                """)
    }

    @Test("JSON, as programs read it")
    func json() throws {
        let plan = try Self.small().with(["stage/os": .cached, "stage/end": .runs(why: "os changed")])
        #expect(
            PlanDocument(plan).json.canonical
                == #"{"nodes":[{"id":"checkout","kind":"checkout","needs":[],"summary":"the commit's files","title":"checkout"},"#
                + #"{"id":"stage/os","kind":"stage","needs":["checkout"],"stage":"os","state":"cached","summary":"from scratch, add 1","title":"os"},"#
                + #"{"id":"stage/end","kind":"stage","needs":["stage/os"],"stage":"end","state":"run","summary":"from os","title":"end","why":"os changed"},"#
                + #"{"id":"image","kind":"image","needs":["stage/end"],"summary":"of end","title":"image"},"#
                + #"{"id":"generation","kind":"generation","needs":["image"],"summary":"of web","title":"generation"}],"#
                + #""pipeline":"web","schema":"bake/plan/1"}"#)
    }

    @Test("DOT, as dot(1) reads it")
    func dot() throws {
        let plan = try Self.small().with(["stage/os": .cached])
        #expect(
            PlanGraph.dot(plan) == #"""
                digraph "web" {
                  rankdir=LR;
                  node [shape=box];
                  "checkout" [label="checkout\nthe commit's files"];
                  "stage/os" [label="os\nfrom scratch, add 1", style=dashed];
                  "stage/end" [label="end\nfrom os"];
                  "image" [label="image\nof end"];
                  "generation" [label="generation\nof web"];
                  "checkout" -> "stage/os";
                  "stage/os" -> "stage/end";
                  "stage/end" -> "image";
                  "image" -> "generation";
                }

                """#)
    }

    @Test("Mermaid: a stage may be called end, and a command may hold what Mermaid takes for markup")
    func mermaid() throws {
        let text = "name: web\nstages: { end: { from: scratch, run: 'echo \"<b>\" #1; `x`' } }\nimage: end\n"
        let plan = Plan(try Self.read(text), isDraft: true).with(["checkout": .cached])
        #expect(
            PlanGraph.mermaid(plan) == """
                flowchart LR
                  n0["checkout<br/>the commit's files"]:::cached
                  n1["end<br/>from scratch, run echo #34;#60;b#62;#34; #35;1#59; #96;x#96;"]
                  n2["image<br/>of end"]
                  n0 --> n1
                  n1 --> n2
                  classDef cached stroke-dasharray: 4

                """)
    }

    @Test("a quote that carries a combining mark is still a quote to dot(1)")
    func combiningMark() throws {
        let text = "name: web\nstages: { os: { from: scratch, run: \"echo \\\"\u{301}x\" } }\nimage: os\n"
        #expect(PlanGraph.dot(Plan(try Self.read(text))).contains("echo \\\"\u{301}x"))
    }

    private static func small() throws -> Plan {
        Plan(try read("name: web\nstages:\n  end: { from: os }\n  os: { from: scratch, add: { /x: x } }\nimage: end\n"))
    }

    private static func pipeline() throws -> Pipeline {
        let check = """
              check:
                from: tools
                run: |

                  test -n "$(ls src/*.html | sort | head -1)"
                  echo done

            """
        return try read(PipelineFileTests.web.replacing("image: app", with: "\(check)image: app"))
    }

    private static func read(_ text: String) throws -> Pipeline {
        try PipelineFile.read(Array(text.utf8), at: TreePath(cleaning: "bake.yaml"))
    }

    private static func lock() throws -> Lock {
        let packages = ["nginx-light", "ca-certificates"].map {
            LockedPackage(
                name: $0, version: "1", architecture: "all", digest: Digest.of(Array($0.utf8)), size: 1,
                poolPath: "pool")
        }
        let closure = LockedPackages(
            suite: "bookworm", architecture: "amd64", asked: packages.map(\.name), closure: packages)
        return Lock(packages: [try #require(StageName("os")): closure])
    }

    private static func policy() throws -> Policy {
        let web = try #require(PipelineName("web"))
        let staging = try #require(EnvironmentName("staging"))
        let production = try #require(EnvironmentName("production"))
        return Policy(environments: [
            EnvironmentPolicy(name: production, after: staging, auto: [web]),
            EnvironmentPolicy(name: staging, auto: [web]),
        ])
    }
}
