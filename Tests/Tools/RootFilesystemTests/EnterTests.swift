import BakeModel
import CLinux
import Foundation
import LinuxSystem
import Testing

@testable import RootFilesystem

/// A person in an image.
@Suite struct EnterTests {
    private let bench: Workbench
    private let base: Layer

    init() throws {
        bench = try Workbench()
        base = try bench.busybox()
    }

    @Test func streamsArePassedOn() throws {
        let input = "\(bench.directory)/input"
        let output = "\(bench.directory)/output"
        try DurableFile.replace(input, with: Array("typed\n".utf8))
        let streams = [
            try Descriptor.open(input, O_RDONLY), try Descriptor.open(output, O_RDWR | O_CREAT),
            try Descriptor.open("/dev/null", O_WRONLY),
        ]
        let program = SandboxProgram(
            ["sh", "-c", "cat; pwd; echo $X; touch /data/lost; tty; exit 5"], environment: ["X=1"],
            workingDirectory: "/made/here")
        #expect(try bench.workshop.enter([base], program, streams: streams) == .exited(5))
        #expect(try DurableFile.read(output, limit: 4096) == Array("typed\n/made/here\n1\nnot a tty\n".utf8))
        expect(try bench.output([base], "ls /data"), "one\nsub\ntwo\n")
    }

    @Test func terminalHasControlCAndSize() throws {
        let (controller, terminal) = try makeTerminal()
        let reader = Worker { () -> String in
            var said: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 4096)
            while !said.ends(with: "done\r\n".utf8) {
                let count = read(controller.number, &chunk, chunk.count)
                guard count > 0 else { break }
                said += chunk[..<count]
                if said.ends(with: "waiting\r\n".utf8) { try controller.write([3]) }
            }
            return String(decoding: said, as: UTF8.self)
        }
        let script = "tty; stty size; trap 'echo caught' INT; echo waiting; sleep 20; echo done"
        let ending = try bench.workshop.enter(
            [base], SandboxProgram(["sh", "-c", script]), streams: [terminal, terminal, terminal])
        #expect(ending == .exited(0))
        expect(try reader.result(), "/dev/console\r\n33 77\r\nwaiting\r\n^Ccaught\r\ndone\r\n")
    }

    private func makeTerminal() throws -> (controller: Descriptor, terminal: Descriptor) {
        var name = [CChar](repeating: 0, count: 256)
        let number = try SystemError.check("make", "a terminal") { clinux_open_terminal(&name, name.count) }
        let path = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let terminal = try Descriptor.open(path, O_RDWR | O_NOCTTY)
        _ = try CompletedProcess.run("/bin/stty", ["-F", path, "rows", "33", "cols", "77"], environment: [])
        return (Descriptor(owning: number), terminal)
    }
}

extension [UInt8] {
    fileprivate func ends(with other: some Collection<UInt8>) -> Bool { suffix(other.count).elementsEqual(other) }
}
