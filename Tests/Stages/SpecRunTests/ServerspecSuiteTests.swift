import BakeModel
import Foundation
import LinuxSystem
import Testing

@testable import SpecRun

/// Serverspec suites that do not come to their end, whose commands run on this machine instead of in an image.
@Suite(.serialized, .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/rspec")))
struct ServerspecSuiteTests {
    private func verdict(
        _ body: String, enter: @escaping @Sendable ([Descriptor]) throws -> Verdict = Self.machine
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
        return try ServerspecSuite(at: "\(directory.path)/spec", called: "spec").verdict(
            of: ImageConfiguration(command: ["web"], ports: ["80/tcp"]), enter: enter)
    }

    private static let machine: @Sendable ([Descriptor]) throws -> Verdict = { streams in
        let machine = MachineProcesses(environment: [])
        try ServerspecConversation(questions: streams[0], answers: streams[1]).hold { command in
            try machine.run(.shell(command), timeout: 300)
        } sawTheProcess: {
        }
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

    /// What a command says comes byte for byte; one that a signal ended has a shell's status, and one that takes too long is
    /// an error of its example alone.
    @Test func commandsAreAnsweredOneByOne() throws {
        let verdict = try verdict(
            """
            it('is all of it') { expect(command('head -c 300000 /dev/zero').stdout).to eq "\\0" * 300_000 }
            it('says nothing') { expect(command('true').stderr).to eq '' }
            it('is killed') { expect(command('kill -9 $$').exit_status).to eq 137 }
            it('is late') { expect(command('sleep 9').exit_status).to eq 0 }
            """)
        #expect(verdict.letters == "ppppep", "\(verdict.checks)")
        #expect("\(verdict.checks[4].outcome)".contains("it did not end within 300 ms"))
    }

    /// What is not there says so on standard error alone.
    @Test func aFailureShowsBothStreams() throws {
        let verdict = try verdict(
            "describe(command('nothing-of-the-kind')) { its(:exit_status) { should eq 0 }; its(:stdout) { should eq '' } }"
        )
        // A group within a group comes last.
        #expect(verdict.letters == "ppfp", "\(verdict.checks)")
        let outcome = "\(verdict.checks[2].outcome)"
        #expect(
            outcome.contains("to standard error") && outcome.contains("nothing-of-the-kind: not found"), "\(outcome)")
    }

    /// As suites for images do with the gem docker-api. What was to be started otherwise than the image is, is no pass.
    @Test func aSuiteThatBuildsItsImageGetsTheOneThatIsTested() throws {
        let verdict = try verdict(
            """
            require 'docker'
            require 'docker-api'
            describe 'Dockerfile' do
              before(:all) do
                Excon.defaults[:read_timeout] = 1000
                Docker.options[:read_timeout] = 900
                @image = Docker::Image.build_from_dir('.', 't' => 'web')
                set :backend, :docker
                set :docker_image, @image.id
                @container = @image.run
              end
              it('has ports') { expect(@image.json['ContainerConfig']['ExposedPorts']).to include('80/tcp') }
              it('has a command') { expect(@image.json['Config']['Cmd']).to eq ['web'] }
              it('answers') { expect(command('echo 1').stdout).to eq "1\\n" }
              after(:all) { @container.kill; @container.delete(force: true) }
            end
            describe 'another' do
              before(:all) { Docker::Container.create('Image' => 'bake', 'Env' => ['A=b']).start }
              it('is none') { expect(1).to eq 1 }
            end
            """)
        #expect(verdict.letters == "pp" + "ppp" + "e", "\(verdict.checks)")
        #expect("\(verdict.checks[5].outcome)".contains("as it is configured, without Env"))
    }

    /// What a suite leaves behind has the streams of rspec, and could go on asking: it ends with the suite.
    @Test(arguments: ["spawn('sleep 60')", "fork { sleep 60; exit! }", "spawn('setsid sleep 5')"])
    func whatASuiteLeavesBehindIsNotWaitedFor(start: String) throws {
        let begin = ContinuousClock.now
        #expect(try verdict("before(:all) { Process.detach(\(start)) }").letters == "pp")
        #expect(ContinuousClock.now - begin < .seconds(30))
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
