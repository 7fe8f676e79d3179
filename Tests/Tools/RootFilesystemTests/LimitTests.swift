import BakeModel
import Foundation
import LinuxSystem
import Testing

@testable import RootFilesystem

/// What a sandbox may use, and what is said when it wants more.
@Suite struct LimitTests {
    private let bench: Workbench
    private let base: Layer

    init() throws {
        bench = try Workbench()
        base = try bench.busybox()
    }

    private func run(_ script: String, _ limits: SandboxLimits) throws -> RunOutcome {
        try bench.run([base], script, limits: limits).outcome
    }

    /// Where no group can be made the kernel's limits of single processes stand in, and tell nothing.
    static let hasGroups = ControlGroupController.allCases.allSatisfy { ControlGroupPlace.forThisProcess($0) != nil }

    @Test(.enabled(if: hasGroups, "no control groups can be made here"))
    func memoryIsLimited() throws {
        let greedy = "dd if=/dev/zero of=/dev/null bs=200M count=1"
        let killed = try run(greedy, SandboxLimits(memory: 64 << 20))
        #expect(killed == RunOutcome(ending: killed.ending, exceeded: .memory, layer: nil))
        #expect(killed.ending != .exited(0))
        #expect(try run(greedy, SandboxLimits(memory: 512 << 20)).exceeded == nil)
        // What is written to a file system in memory counts too.
        #expect(
            try run("dd if=/dev/zero of=/tmp/f bs=1M count=100", SandboxLimits(memory: 64 << 20)).exceeded == .memory)
        // A command that lives on although one of its processes was killed has failed all the same.
        #expect(try run("\(greedy) || true", SandboxLimits(memory: 64 << 20)).layer == nil)
    }

    @Test(.enabled(if: hasGroups, "no control groups can be made here"))
    func forkBombEnds() throws {
        // One that ends by itself, were it not held: it doubles eight times, and fails.
        let bomb = "b() { [ $1 = 0 ] || { b $(($1 - 1)) & b $(($1 - 1)) & wait; }; }; b 8; exit 1"
        let limits = SandboxLimits(processes: 50, seconds: 20)
        let start = Date()
        let outcome = try run(bomb, limits)
        #expect(outcome.exceeded == .processes && outcome.layer == nil)
        #expect(Date().timeIntervalSince(start) < 15, "it ends by itself, not by its time")
        // Two processes are the shell and its child; a program that does without more is no failure.
        #expect(try run("sleep 0 & sleep 0; wait", SandboxLimits(processes: 3)).exceeded == nil)
        #expect(try run("(sleep 1 & sleep 1 & sleep 1 & wait) || true", SandboxLimits(processes: 2)).exceeded == nil)
    }

    @Test func timeEndsAll() throws {
        let outcome = try run("sleep 30 & sleep 30", SandboxLimits(seconds: 0.3))
        #expect(outcome == RunOutcome(ending: .signalled(9), exceeded: .time, layer: nil))
    }

    /// A process that leaves its parent, its session and its group is still in the sandbox, and ends with it.
    @Test func daemonsEndWithTheirSandbox() throws {
        let marker = "3\(UInt32.random(in: 100_000...999_999))"
        let outcome = try run("(setsid sleep \(marker) &) ; sleep 0.1; true", SandboxLimits(seconds: 20))
        #expect(outcome.ending == .exited(0))
        #expect(Processes.count(with: marker) == 0)
    }

    @Test(.enabled(if: hasGroups, "no control groups can be made here"))
    func noGroupIsLeft() throws {
        let places = Set(ControlGroupController.allCases.compactMap(ControlGroupPlace.forThisProcess))
        // What another process holds stays; what a dead one left goes with the next sandbox.
        let left = places.map { "\($0.path)/bake.left\(UInt32.random(in: 0 ... .max))" }
        for path in left { try SystemError.check("make", path) { mkdir(path, 0o755) } }
        var held: ControlGroup? = ControlGroup(SandboxLimits(memory: 1 << 30))
        let paths = held?.paths ?? []
        _ = try run("true", SandboxLimits(memory: 1 << 30))
        let exists = { (path: String) in FileManager.default.fileExists(atPath: path) }
        #expect(!left.contains(where: exists))
        #expect(!paths.isEmpty && paths.allSatisfy(exists))
        held = nil
        #expect(!paths.contains(where: exists))
    }

    /// The machine's groups are no business of a command: each hierarchy begins at its own.
    @Test func groupsAreHidden() throws {
        let text = try bench.output([base], "cat /proc/self/cgroup")
        #expect(!text.isEmpty)
        #expect(!text.contains("bake."))
    }

    @Test func explanations() {
        let limits = SandboxLimits(memory: 2 << 30, processes: 512, seconds: 1800)
        #expect(limits.explanation(of: .memory) == "it used more than 2 GiB of memory")
        #expect(limits.explanation(of: .processes) == "it ran into the limit of 512 processes at once")
        #expect(limits.explanation(of: .time) == "it took longer than 30 min")
        #expect(
            SandboxLimits(memory: 1_500_000).explanation(of: .memory) == "it used more than 1500000 bytes of memory")
        #expect(SandboxLimits(seconds: 3600).explanation(of: .time) == "it took longer than 1 h")
        #expect(SandboxLimits(seconds: 90).explanation(of: .time) == "it took longer than 90 s")
    }
}

/// Processes of this machine.
enum Processes {
    /// How many have the word on their command line.
    static func count(with word: String) -> Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.filter { name in
            guard Int32(name) != nil, let line = try? DurableFile.read("/proc/\(name)/cmdline", limit: 1 << 16) else {
                return false
            }
            return String(decoding: line, as: UTF8.self).contains(word)
        }.count
    }
}
