import BakeModel
import Foundation
import LinuxSystem
import Testing

@testable import LedgerDatabase

/// What happens to processes: each test's closure is a process of its own.
@Suite struct LedgerCrashTests {
    @Test(
        "P1, P6: kill -9 while appending loses nothing acknowledged and needs no repair",
        arguments: [20, 35, 50, 80, 130])
    func kill(milliseconds: Int) async throws {
        let fixture = try TemporaryLedger()
        let (path, noted) = (fixture.path, "\(fixture.directory)/acknowledged")
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = path as String, noted = noted as String, milliseconds = milliseconds as Int] in
            let ledger = try Ledger.open(at: path, views: [CountView()])
            let acknowledged = try Descriptor.open(noted, O_WRONLY | O_CREAT | O_APPEND)
            var watchdog: Watchdog?
            while true {
                let entry = try ledger.note()
                try acknowledged.write("\(entry.sequence)\n".utf8)
                // Once there is something to lose.
                guard watchdog == nil else { continue }
                watchdog = Watchdog(seconds: Double(milliseconds) / 1000) { Glibc.kill(getpid(), SIGKILL) }
            }
        }
        let last = try String(contentsOfFile: noted, encoding: .utf8).split(separator: "\n").last.flatMap { Int64($0) }
        let ledger = try Ledger.open(at: path, views: [CountView()])
        let latest = try ledger.latest()
        #expect(latest >= (try #require(last)))
        #expect(try ledger.verify().isEmpty)
        #expect(try ledger.count(of: "note") == latest)
        #expect(try ledger.note().sequence == latest + 1)
    }

    @Test("P5: three processes append at once: no gap, no fork, one winner")
    func processes() async throws {
        let fixture = try TemporaryLedger()
        let path = fixture.path
        async let one: Void = Self.appendInAnotherProcess(path)
        async let two: Void = Self.appendInAnotherProcess(path)
        async let three: Void = Self.appendInAnotherProcess(path)
        _ = await (one, two, three)
        #expect(try fixture.ledger.entries(from: 1, limit: 1000).map(\.sequence) == Array(1...61))
        #expect(try fixture.ledger.count(of: "race") == 1)
        #expect(try fixture.ledger.verify().isEmpty)
    }

    private static func appendInAnotherProcess(_ path: String) async {
        await #expect(processExitsWith: .success) { [path = path as String] in
            let ledger = try Ledger.open(at: path, views: [CountView()])
            for _ in 0..<20 { try ledger.note() }
            do {
                try ledger.note("race", [.policy], at: 1, expecting: [.policy: nil])
            } catch LedgerError.lostRace {}
        }
    }

    @Test("whoever may not write may read, also while nobody has the ledger open")
    func unprivilegedReader() async throws {
        try #require(getuid() == 0, "only root can become another user")
        let fixture = try TemporaryLedger()
        #expect(chmod(fixture.directory, 0o755) == 0)
        // One that this process never opened: the process that makes it is also the last to close it.
        let path = "\(fixture.directory)/other.sqlite"
        await #expect(processExitsWith: .success) { [path = path as String] in
            try Ledger.create(at: path, views: [CountView()]).note()
        }
        await #expect(processExitsWith: .success) { [path = path as String] in
            guard setgid(65534) == 0, setuid(65534) == 0, access(path, W_OK) != 0 else { exit(3) }
            let ledger = try Ledger.open(at: path, views: [CountView()], readOnly: true)
            guard try ledger.count(of: "note") == 1, try ledger.verify().isEmpty else { exit(4) }
        }
        // A restored file with nothing beside it, whose log had been moved into it: the sqlite3 program takes both away.
        try fixture.sqlite("PRAGMA wal_checkpoint", of: path)
        for suffix in ["-wal", "-shm"] { #expect(access(path + suffix, F_OK) != 0) }
        await #expect(processExitsWith: .success) { [path = path as String] in
            guard setegid(65534) == 0, seteuid(65534) == 0 else { exit(3) }
            let reader = try Ledger.open(at: path, views: [CountView()], readOnly: true)
            guard try reader.count(of: "note") == 1, try reader.verify().isEmpty else { exit(4) }
            // A writer comes: what is read without locks from now on is not believed.
            guard seteuid(0) == 0, setegid(0) == 0 else { exit(5) }
            try Ledger.open(at: path, views: [CountView()]).note()
            do {
                _ = try reader.count(of: "note")
                exit(6)
            } catch LedgerError.disturbed {}
        }
    }

    @Test("P7: a full disk gives a clear error and an intact ledger; the reserve makes room to go on")
    func fullDisk() async throws {
        try #require(getuid() == 0, "only root can mount")
        let fixture = try TemporaryLedger()
        let directory = "\(fixture.directory)/disk"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        await #expect(processExitsWith: .success) { [directory = directory as String] in
            let disk = try FullDisk(at: directory)
            let ledger = try Ledger.create(at: "\(disk.path)/ledger.sqlite", views: [CountView()])
            let reserve = Reserve(path: "\(disk.path)/reserve")
            try reserve.restore()
            guard reserve.isHeld else { exit(3) }
            try ledger.note()
            try disk.fill()
            var acknowledged: Int64 = 1
            do {
                while true { acknowledged = try ledger.note().sequence }
            } catch let error as LedgerError {
                guard error == .full(path: ledger.path), error.exit == .failed else { exit(4) }
            }
            guard (try? reserve.restore()) != nil else { exit(5) }
            try reserve.giveUp()
            guard !reserve.isHeld, try ledger.latest() == acknowledged, try ledger.verify().isEmpty else { exit(6) }
            guard try ledger.note().sequence == acknowledged + 1 else { exit(7) }
        }
    }
}
