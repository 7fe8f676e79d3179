import BakeModel
import Foundation
import LinuxSystem
import Testing

@testable import SpecRun

/// A service that is a directory: its sockets and processes are files there.
final class WrittenService: ImageService {
    let directory: TemporaryDirectory
    var ending: ServiceEnd?
    var waits = 0
    /// What happens while something waits for its end.
    var script: (WrittenService, Int) throws -> Void = { _, _ in }

    init() throws {
        directory = try TemporaryDirectory()
        for table in ["tcp", "tcp6", "udp", "udp6"] { try write(table, []) }
        try directory.write("proc/1/stat", "1 (server) S 0")
    }

    var networkDirectory: String { "\(directory.path)/net" }
    var processDirectory: String { "\(directory.path)/proc" }
    var rootDirectory: String { directory.path }
    var mountTable: String { "\(directory.path)/mountinfo" }
    var foreignProcesses: Set<Int32> { [1] }
    var output: String { "" }

    func run(_ program: RootProgram, timeout: Int64) throws -> CommandOutcome { throw NoProcess() }

    func end(within milliseconds: Int32) throws -> ServiceEnd? {
        waits += 1
        try script(self, waits)
        usleep(1000)
        return ending
    }

    func stop() {}

    /// Writes a table as /proc/net has it.
    func write(_ table: String, _ lines: [String]) throws {
        let heading = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"
        let text = lines.enumerated().map { "   \($0): \($1) 00000000:00000000 00:00000000 00000000     0\n" }
        try directory.write("net/\(table)", heading + text.joined())
    }
}

@Suite struct BehaviourRoundsTests {
    private func verdict(_ text: String, _ service: WrittenService, deadline: Int64 = 2000) throws -> Verdict {
        let spec = try SpecFile(parsing: text, name: "goss.yaml")
        let image = ImageState(try MountedRoot(at: service.directory.path))
        let rounds = BehaviourRounds(
            resources: spec.resources, image: image, service: service, patience: SpecPatience(deadline: deadline))
        return Verdict(checks: rounds.checks().flatMap { $0 })
    }

    /// 0x1F90 is 8080, 0x35 is 53; 0A is LISTEN, 01 ESTABLISHED, 07 an unconnected UDP socket.
    @Test func readsSockets() throws {
        let service = try WrittenService()
        let any = String(repeating: "0", count: 32)
        try service.write("tcp", ["0100007F:1F90 00000000:0000 0A", "00000000:1F91 0100007F:9999 01"])
        try service.write(
            "tcp6", ["\(any):1F92 \(any):0000 0A", "0000000000000000FFFF00000100007F:1F93 \(any):0000 0A"])
        try service.write("udp", ["00000000:0035 00000000:0000 07"])
        let text = """
            port:
              tcp:8080: {listening: true, ip: ["127.0.0.1"]}
              "8081": {listening: false, ip: [x]}
              tcp:8082: {listening: false}
              tcp6:8082: {listening: true, ip: ["::"]}
              tcp6:8083: {listening: true, ip: ["127.0.0.1"]}
              udp:53: {listening: true}
            """
        #expect(try verdict(text, service).letters == "pp" + "ps" + "p" + "pp" + "pp" + "p")
    }

    /// The name is what stands between the first and the last parenthesis; process 1 is bake's.
    @Test func findsProcesses() throws {
        let service = try WrittenService()
        try service.directory.write("proc/7/stat", "7 (a (b) c) S 1")
        try service.directory.write("proc/self", "x")
        let text = "process: {\"a (b) c\": {running: true}, server: {running: false}, a: {running: false}}"
        #expect(try verdict(text, service).letters == "ppp")
    }

    @Test func asksUntilItIsSo() throws {
        let service = try WrittenService()
        service.script = { service, waits in
            if waits == 3 { try service.write("tcp", ["00000000:1F90 00000000:0000 0A"]) }
        }
        let text = "port: {\"8080\": {listening: true}, \"8081\": {listening: false}}"
        #expect(try verdict(text, service).letters == "pp")
        #expect(service.waits == 3)
    }

    /// `listening: false` passes at first; what counts is the moment when the rest is so, too.
    @Test func judgesAllAtOneMoment() throws {
        let service = try WrittenService()
        service.script = { service, waits in
            if waits == 2 {
                try service.write("tcp", ["00000000:1F90 00000000:0000 0A", "00000000:1F91 00000000:0000 0A"])
            }
        }
        let text = "port: {\"8080\": {listening: true}, \"8081\": {listening: false}}"
        #expect(try verdict(text, service, deadline: 100).letters == "pf")
    }

    @Test func endsAtTheDeadline() throws {
        let start = ContinuousClock.now
        #expect(try verdict("process: {x: {running: true}}", try WrittenService(), deadline: 100).letters == "f")
        #expect(ContinuousClock.now - start < .seconds(1))
    }

    @Test func tellsOfAnEarlyEnd() throws {
        let service = try WrittenService()
        service.script = { service, _ in
            service.ending = ServiceEnd(ending: .exited(3), lastLines: "no\nconfig")
        }
        let text = "process: {x: {running: true}, y: {running: false}, z: {running: true}}"
        let verdict = try verdict(text, service, deadline: 60_000)
        #expect(
            verdict.checks[0].outcome
                == .failed(
                    expected: "true",
                    found: "false (the image's process had ended with exit status 3; its last lines: \"no\\nconfig\")"))
        #expect(verdict.checks[1].outcome == .passed)
        // Lines are said once.
        #expect(
            verdict.checks[2].outcome
                == .failed(expected: "true", found: "false (the image's process had ended with exit status 3)"))
    }
}
