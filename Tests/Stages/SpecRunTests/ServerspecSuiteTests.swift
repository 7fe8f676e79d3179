import BakeModel
import Foundation
import LinuxSystem
import Testing

@testable import SpecRun

/// Serverspec suites that do not come to their end, with a shell of this machine instead of an image's.
@Suite(.serialized, .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/rspec")))
struct ServerspecSuiteTests {
    private func verdict(
        _ body: String, enter: @escaping @Sendable ([Descriptor]) throws -> Verdict = Self.shell
    ) throws -> Verdict {
        let directory = try TemporaryDirectory()
        try directory.write(
            "spec/x_spec.rb",
            """
            describe 'it' do
              it('is one') { expect(command('echo 1').stdout).to eq "1\\n" }
              \(body)
              it('is three') { expect(3).to eq 3 }
            end

            """)
        return try ServerspecSuite(at: "\(directory.path)/spec", called: "spec").verdict(ports: [], enter: enter)
    }

    private static let shell: @Sendable ([Descriptor]) throws -> Verdict = { streams in
        let child = try ChildProcess.start(
            "/bin/sh", [], environment: ["PATH=/usr/bin:/bin"],
            descriptors: [0: streams[0], 1: streams[1], 2: streams[2]])
        _ = try child.wait()
        return Verdict(checks: [])
    }

    @Test func whatEndsAsItShouldPasses() throws {
        #expect(try verdict("it('is two') { expect(2).to eq 2 }").letters == "ppp")
        #expect(try verdict("it('is two') { expect(2).to eq 3 }").letters == "pfp")
    }

    /// However rspec dies, what it did not run has not passed.
    @Test(arguments: ["Process.kill(:KILL, Process.pid); sleep 9", "exit!(0)", "exit 0", "exit!(1)"])
    func whatDiesOnTheWayIsAnError(death: String) throws {
        let verdict = try verdict("it('dies') { \(death) }")
        #expect(!verdict.isPass && verdict.letters.first == "p" && verdict.letters.last == "e", "\(verdict.checks)")
        #expect(verdict.checks.last?.property == "runs to its end")
    }

    @Test func aStatusWithoutAFailureIsAnError() throws {
        let verdict = try verdict("at_exit { exit! 3 }")
        #expect(verdict.letters == "ppe", "\(verdict.checks)")
    }

    /// Where there is no shell nobody answers, and rspec must not wait for an answer.
    @Test func withoutASessionThereIsNoVerdict() throws {
        let start = ContinuousClock.now
        #expect(throws: NoProcess.self) {
            try verdict("it('is two') { expect(command('true').exit_status).to eq 0 }") { _ in throw NoProcess() }
        }
        #expect(ContinuousClock.now - start < .seconds(20))
    }
}
