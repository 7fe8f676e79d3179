import BakeTestSupport
import Foundation
import GitFixtures
import Glibc
import LinuxSystem
import Testing

/// The copy of a command that becomes its first helper (see `PreforkedHelper`).
@Suite struct PreforkedHelperTests {
    private let small: SmallRepository
    private let secret = "TOKEN=\(UUID().uuidString)"

    init() throws {
        small = try SmallRepository()
        let pipeline = "name: small\nstages: { app: { import: base.tar.gz, run: 'sleep 60' } }\nimage: app\n"
        try small.git.commit(files: ["bake.yaml": pipeline])
    }

    /// Starts a bake that waits, and finds its helper when that has its work.
    private func start(_ descriptors: [Int32: Descriptor] = [:]) throws -> (bake: ChildProcess, helper: pid_t) {
        let bake = try ChildProcess.start(
            small.bakePath, ["build"], environment: small.environment + [secret], descriptors: descriptors,
            directory: small.git.path)
        for _ in 0..<1000 {
            let helpers = children(of: bake.id).filter { text("/proc/\($0)/comm") == "bake-helper\n" }
            // Descriptor 5 takes requests.
            if let helper = helpers.first, access("/proc/\(helper)/fd/5", F_OK) == 0 { return (bake, helper) }
            usleep(20_000)
        }
        bake.kill()
        throw CocoaError(.fileNoSuchFile)
    }

    private func text(_ path: String) -> String {
        (try? Descriptor.open(path, O_RDONLY).readAll(limit: 1 << 20)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    private func children(of id: pid_t) -> [pid_t] {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/task")) ?? []
        return threads.flatMap {
            text("/proc/\(id)/task/\($0)/children").split(separator: " ").compactMap { pid_t($0) }
        }
    }

    /// Whether the bytes lie anywhere in what a process can write to.
    private func memory(of id: pid_t, holds bytes: String) throws -> Bool {
        // It goes on working meanwhile: a mapping that it gives back between list and reading is an input/output
        // error, and the looking begins anew.
        for _ in 0..<100 {
            if let found = try? looked(for: bytes, inMemoryOf: id) { return found }
            usleep(20_000)
        }
        return try looked(for: bytes, inMemoryOf: id)
    }

    private func looked(for bytes: String, inMemoryOf id: pid_t) throws -> Bool {
        let memory = try FileHandle(forReadingFrom: URL(filePath: "/proc/\(id)/mem"))
        for line in text("/proc/\(id)/maps").split(separator: "\n") where line.contains(" rw") {
            let ends = line.prefix { $0 != " " }.split(separator: "-").compactMap { UInt64($0, radix: 16) }
            try memory.seek(toOffset: ends[0])
            let piece = try memory.read(upToCount: Int(ends[1] - ends[0])) ?? Data()
            if piece.range(of: Data(bytes.utf8)) != nil { return true }
        }
        return false
    }

    @Test("it has the environment of a helper, and nothing of the user's in its memory")
    func environment() throws {
        let (bake, helper) = try start()
        defer {
            bake.kill()
            _ = try? bake.wait()
        }
        #expect(try memory(of: bake.id, holds: secret))
        #expect(try !memory(of: helper, holds: secret))
        #expect(!text("/proc/\(helper)/environ").contains("TOKEN"))
    }

    @Test("it lets go of what the command was given, and ends with it")
    func end() throws {
        let (read, write) = try Descriptor.pipe()
        let (bake, helper) = try start([9: write])
        #expect(access("/proc/\(bake.id)/fd/9", F_OK) == 0)
        #expect(access("/proc/\(helper)/fd/9", F_OK) != 0)
        withExtendedLifetime(read) {}
        bake.kill()
        _ = try bake.wait()
        for _ in 0..<500 where kill(helper, 0) == 0 { usleep(20_000) }
        #expect(kill(helper, 0) != 0)
    }
}
