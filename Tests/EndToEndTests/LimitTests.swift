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
        // It doubles eight times, and ends by itself where nothing holds it.
        let bomb = "b() { [ $1 = 0 ] || { b $(($1 - 1)) & b $(($1 - 1)) & wait; }; }; b 8; exit 1"
        let build = try build("run: \"\(bomb)\"\n    limits: { processes: 40, time: 1m }")
        #expect(build.status == 1)
        #expect(build.errors.contains("it ran into the limit of 40 processes at once"), "\(build.errors)")
    }

    @Test("P6, P13: killed in a command, bake leaves no process; its group goes with the next bake")
    func killed() throws {
        let small = try SmallRepository()
        let marker = "3\(UInt32.random(in: 100_000...999_999))"
        let text = { (run: String) in
            "name: small\nstages:\n  app:\n    import: base.tar.gz\n    run: \(run)\n    limits: { memory: 256M }\nimage: app\n"
        }
        try small.git.commit(files: ["bake.yaml": text("sleep \(marker)")])
        let child = try small.start(["build", "-q"])
        var group: String?
        for _ in 0..<500 where group == nil {
            usleep(20_000)
            group = Self.group(ofProcessWith: ["sleep", marker])
        }
        let found = try #require(group, "the command was not seen")
        child.kill()
        _ = try child.wait()
        for _ in 0..<500 where !Processes.of(small.store).isEmpty { usleep(20_000) }
        #expect(Processes.of(small.store).isEmpty)
        try small.git.commit(files: ["bake.yaml": text("true")])
        #expect(try small.bake("build").status == 0)
        // Without groups of its own the process was in one that stays.
        if found.contains("/bake.") { #expect(!FileManager.default.fileExists(atPath: found)) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(small.store)/tmp") == [])
    }

    /// Where the groups of the process with these arguments lie: its memory's or, with one hierarchy for all, its own.
    private static func group(ofProcessWith arguments: [String]) -> String? {
        let line = arguments.map { $0 + "\0" }.joined()
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        let process = names.first { (try? String(contentsOfFile: "/proc/\($0)/cmdline", encoding: .utf8)) == line }
        guard let process, let text = try? String(contentsOfFile: "/proc/\(process)/cgroup", encoding: .utf8) else {
            return nil
        }
        let groups = text.split(separator: "\n").map {
            $0.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        }
        if let memory = groups.first(where: { $0[1] == "memory" }) { return "/sys/fs/cgroup/memory\(memory[2])" }
        return groups.first { $0[0] == "0" }.map { "/sys/fs/cgroup\($0[2])" }
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
