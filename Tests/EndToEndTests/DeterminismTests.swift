import BakeModel
import BakeTestSupport
import GitFixtures
import Testing

/// `bake --check-determinism`: every stage twice.
@Suite struct DeterminismTests {
    private static func repository(run: String, output: String = "") throws -> SmallRepository {
        let small = try SmallRepository()
        let pipeline = """
            name: small
            stages:
              os: { import: base.tar.gz }
              app:
                from: os
                inputs: []
                run: |
                  \(run)
                \(output)
            image: os
            """
        try small.git.commit(files: ["bake.yaml": pipeline + "\n"])
        return small
    }

    @Test("what is the same twice makes a generation, and is built although its result is kept")
    func same() throws {
        let small = try Self.repository(run: "echo good > /srv/good")
        _ = try small.bake("build")
        let checked = try small.bake("build", "--check-determinism")
        #expect(checked.status == 0, "\(checked.errors)")
        #expect(checked.output.hasPrefix("small@1 stands"))
        #expect(checked.errors.contains("app        ran"), "\(checked.errors)")
    }

    @Test(
        "what differs fails with the file and the cause, in the root and in the output; without the option it passes",
        arguments: [
            ("date > /srv/stamp", "", "/srv/stamp  content", "A time of the clock"),
            ("cat /proc/sys/kernel/random/uuid > id", "output: id", "/id  content", "It holds random bytes"),
            (
                "touch /srv/$(cat /proc/sys/kernel/random/uuid)", "", "made the second time only",
                "made the first time only"
            ),
        ])
    func differs(run: String, output: String, file: String, cause: String) throws {
        let small = try Self.repository(run: run, output: output)
        let checked = try small.bake("build", "--check-determinism")
        #expect(checked.status == 1)
        #expect(checked.errors.contains("bake: cannot build the same twice in the stage app: "), "\(checked.errors)")
        #expect(checked.errors.contains(file), "\(checked.errors)")
        #expect(checked.errors.contains(cause), "\(checked.errors)")
        #expect(checked.errors.contains("failed at app"))
        #expect(try small.bake("build").status == 0)
    }
}
