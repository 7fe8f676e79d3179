import BakeModel
import BakeTestSupport
import Foundation
import GitFixtures
import Testing

@Suite struct RebakeTests {
    @Test("a generation baked again, with nothing cached and newer commits above it, gives the same bytes")
    func same() throws {
        let small = try SmallRepository()
        #expect(try small.bake("build", "-q").line == "small@1")
        try small.commitPage("hello again")
        #expect(try small.bake("build", "-q").line == "small@2")
        for generation in ["small@1", "small@2"] {
            let again = try small.bake("rebake", generation)
            #expect(again.status == 0, "\(again.errors)")
            #expect(again.output.hasPrefix("\(generation)  same bytes  sha256:"))
            let app = again.errors.split(separator: "\n").first { $0.hasPrefix(" app ") }
            #expect(app?.contains(" ran ") == true, "\(again.errors)")
        }
        #expect(try small.bake("rebake", "small@1", "--json").json()["verdict"]?.string == "same")
        #expect(try small.bake("log", "--builds").output.split(separator: "\n").count == 2)
        let recorded = try small.bake("audit", "--export").output.split(separator: "\n")
            .filter { $0.contains(#""kind":"rebake""#) }
        #expect(recorded.count == 3)
        #expect(recorded.allSatisfy { $0.contains(#""verdict":"same""#) })
    }

    @Test("arguments that were set and the parent that was taken are those of the record")
    func recordedChoices() throws {
        let small = try SmallRepository()
        try FileManager.default.removeItem(atPath: "\(small.git.path)/bake.yaml")
        try small.git.commit(files: [
            "bake/base.yaml":
                "name: base\nstages:\n  os: { import: base.tar.gz, add: { /etc/base: src/page.txt } }\nimage: os\n",
            "bake/child.yaml": """
            name: child
            args: { WHO: nobody }
            stages:
              app: { from: base:production, inputs: [], run: "echo $WHO > /srv/who" }
            image: app

            """,
            "environments.yaml": "environments: { production: {} }\n",
        ])
        _ = try small.bake("build", "base")
        _ = try small.bake("env", "apply", "environments.yaml")
        _ = try small.bake("promote", "base@1", "production")
        #expect(try small.bake("build", "child", "--set", "WHO=ann", "-q").line == "child@1")
        try small.commitPage("newer")
        _ = try small.bake("build", "base")
        #expect(try small.bake("promote", "base@2", "production").status == 0)
        let again = try small.bake("rebake", "child@1")
        #expect(again.output.hasPrefix("child@1  same bytes"), "\(again.errors)")
    }

    @Test("an image that depends on the moment differs: exit 1, the file, its stage and the likely cause")
    func differs() throws {
        let small = try SmallRepository()
        let pipeline = """
            name: small
            stages:
              app: { import: base.tar.gz, inputs: [], run: "cat /proc/sys/kernel/random/uuid > /srv/id; date > /srv/stamp; echo good > /srv/good" }
            image: app

            """
        try small.git.commit(files: ["bake.yaml": pipeline])
        _ = try small.bake("build")
        // date(1) tells seconds.
        Thread.sleep(forTimeInterval: 1)
        let again = try small.bake("rebake", "small@1")
        #expect(again.status == 1)
        #expect(again.output.hasPrefix("small@1  differs  sha256:"), "\(again.errors)")
        let told = again.errors.split(separator: "\n").suffix(4).map { $0.trimmingCharacters(in: .whitespaces) }
        #expect(told.first == "/srv/id  content  stage app", "\(again.errors)")
        #expect(told.dropFirst().first?.hasPrefix("It holds random bytes") == true)
        #expect(told.dropFirst(2).first == "/srv/stamp  content  stage app")
        #expect(told.last?.hasPrefix("A time of the clock is in it") == true)
        #expect(!told.contains { $0.contains("/srv/good") })
        let causes = try small.bake("rebake", "small@1", "--json").json()["files"]?.items?.map { $0["cause"]?.string }
        #expect(causes == ["random", "time"])
    }
}
