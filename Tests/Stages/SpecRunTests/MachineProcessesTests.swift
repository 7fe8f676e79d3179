import BakeModel
import Glibc
import LinuxSystem
import Testing

@testable import SpecRun

/// Commands on the machine itself.
@Suite struct MachineProcessesTests {
    private func run(_ script: String, timeout: Int64, _ environment: [String] = []) throws -> CommandOutcome {
        try MachineProcesses(environment: environment).run(.shell(script), timeout: timeout)
    }

    @Test func tellOutputAndEnding() throws {
        let done = try run("echo $NAME; echo odd >&2; exit 3", timeout: 9000, ["NAME=it"])
        #expect(done.ending == .exited(3) && done.output == Array("it\n".utf8) && done.errors == Array("odd\n".utf8))
        #expect(try run("kill -9 $$", timeout: 9000).ending == .signalled(9))
        #expect(try run("head -c 300000 /dev/zero", timeout: 9000).output.count == 300_000)
    }

    /// What a command leaves behind holds its pipes, and neither prolongs it nor outlives it.
    @Test(arguments: ["sleep 8.", "setsid sleep 8."])
    func doNotWaitForWhatIsLeftBehind(command: String) throws {
        let start = ContinuousClock.now
        let mark = "\(getpid())\(UInt16.random(in: 0 ... .max))"
        #expect(try run("\(command)\(mark) & echo done", timeout: 9000).output == Array("done\n".utf8))
        #expect(ContinuousClock.now - start < .seconds(5))
        if command.hasPrefix("setsid") { return }
        // A signal takes its time on a busy machine.
        let gone = "for i in $(seq 40); do pgrep -f '[s]leep 8.\(mark)' || exit 0; sleep 0.1; done; exit 1"
        #expect(try run(gone, timeout: 9000).ending == .exited(0))
    }

    @Test(arguments: ["sleep 33", "trap '' TERM; sleep 33", "sleep 33 & wait"])
    func endAtTheirTimeout(script: String) throws {
        let start = ContinuousClock.now
        let error = #expect(throws: CommandTimeout.self) { try run(script, timeout: 300) }
        #expect(error?.reason == "it did not end within 300 ms; it wrote nothing")
        #expect(ContinuousClock.now - start < .seconds(3))
    }
}
