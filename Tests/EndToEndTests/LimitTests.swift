import BakeModel
import BakeTestSupport
import Foundation
import Testing

/// A stage that wants more than it may have.
@Suite struct LimitTests {
    private func build(_ stage: String) throws -> Screen {
        let small = try SmallRepository()
        let text = "name: small\nstages:\n  app:\n    import: base.tar.gz\n    inputs: []\n    \(stage)\nimage: app\n"
        try small.git.commit(files: ["bake.yaml": text])
        return try small.bake("build")
    }

    /// `bake doctor` knows whether the machine has what holds a command to its limits.
    private static let hasGroups: Bool = {
        let checks = try? SmallRepository().bake("doctor", "--json").json()["checks"]?.items
        return checks?.contains { $0["name"]?.string == "control groups" && $0["state"]?.string == "ok" } ?? false
    }()

    @Test("too long: what it took, and how to allow more")
    func time() throws {
        let build = try build("run: echo started; sleep 20\n    limits: { time: 1s }")
        #expect(build.status == 1)
        #expect(build.errors.contains("it took longer than 1 s"), "\(build.errors)")
        #expect(build.errors.contains("started"), "the last lines are shown")
        #expect(build.errors.contains("limits: { time: 2h }"))
    }

    @Test("too much memory", .enabled(if: hasGroups, "no control groups can be made here"))
    func memory() throws {
        // Files of /tmp are memory.
        let build = try build("run: cat /dev/zero > /tmp/zero\n    limits: { memory: 32M, time: 1m }")
        #expect(build.status == 1)
        #expect(build.errors.contains("it used more than 32 MiB of memory"), "\(build.errors)")
        #expect(build.errors.contains("limits: { memory: 4G }"))
    }

    @Test("too many processes", .enabled(if: hasGroups, "no control groups can be made here"))
    func processes() throws {
        let build = try build("run: \"b() { b | b & b; }; b\"\n    limits: { processes: 40, time: 1m }")
        #expect(build.status == 1)
        #expect(build.errors.contains("it ran into the limit of 40 processes at once"), "\(build.errors)")
    }

    @Test("limits decide whether a stage ends well, not what it makes: they are no part of its key")
    func key() throws {
        let small = try SmallRepository()
        let text = try String(contentsOfFile: "\(small.git.path)/bake.yaml", encoding: .utf8)
        #expect(try small.bake("build").status == 0)
        let run = try #require(text.range(of: "    run:"))
        try small.git.commit(files: [
            "bake.yaml": text.replacingCharacters(in: run, with: "    limits: { time: 5m }\n    run:")
        ])
        let build = try small.bake("build")
        #expect(build.status == 0 && !build.errors.contains(" ran "), "\(build.errors)")
    }
}
