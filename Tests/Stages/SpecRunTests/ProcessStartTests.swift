import BakeModel
import LinuxSystem
import Testing

@testable import SpecRun

/// The check that the image's process started, which no spec names.
@Suite struct ProcessStartTests {
    /// An image whose process is given.
    private struct Processes: ImageProcesses {
        let ending: ServiceEnd?

        func run(_ program: RootProgram, timeout: Int64) throws -> CommandOutcome { throw NoProcess() }
        func openRoot() throws -> any WritableRoot { throw NoProcess() }

        func startService() throws -> any ImageService {
            let service = try WrittenService()
            service.ending = ending
            return service
        }
    }

    private let failed = ServiceEnd(ending: .exited(3), lastLines: "")

    private func run(_ ending: ServiceEnd?, _ text: String = "process: { x: { running: false } }") throws -> Verdict {
        let root = try TemporaryDirectory()
        return SpecSuite(
            spec: try SpecFile(parsing: text, name: "goss.yaml"), image: ImageState(try MountedRoot(at: root.path)),
            processes: Processes(ending: ending), patience: .none
        ).verdict()
    }

    /// A spec of one check has one, as in goss, where the process is no matter.
    @Test func isToldOnlyWhereItTells() throws {
        #expect(Verdict(repeated: [try run(nil)]).withoutIdleStart().letters == "p")
        #expect(Verdict(repeated: [try run(failed)]).withoutIdleStart().letters == "pf")
        // The check that failed names the end itself.
        let both = try run(failed, "process: { x: { running: true } }")
        #expect(Verdict(repeated: [both]).withoutIdleStart().letters == "f")
        #expect(Verdict(repeated: [try run(nil), try run(nil)]).withoutIdleStart().letters == "p")
        #expect(Verdict(repeated: [both, both]).withoutIdleStart().letters == "f")
    }

    @Test func isCountedInEveryRun() throws {
        let verdict = Verdict(repeated: [try run(nil), try run(failed), try run(nil)]).withoutIdleStart()
        #expect(verdict.letters == "py")
        let otherwise = "expected it runs, or has ended with exit status 0, found it ended with exit status 3"
        #expect(verdict.checks.last?.outcome == .flaky(passes: 2, runs: 3, otherwise: otherwise))
    }
}
