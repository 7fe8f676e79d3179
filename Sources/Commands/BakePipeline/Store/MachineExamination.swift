import BakeModel
import BlobStorage
import Glibc
import LayerBuild
import LedgerDatabase
import LinuxSystem
import RootFilesystem

/// What a machine has of what bake needs, for the user who asks; works without a store, and changes nothing that lasts.
public struct MachineExamination: Sendable {
    /// Every check, in the order in which a bake would need them.
    public let checks: [MachineCheck]

    /// Whether nothing is missing.
    public var isFit: Bool { checks.allSatisfy { $0.state != .missing } }

    /// Examines the machine.
    /// - Parameters:
    ///   - store: where the store lies, or would lie; an absolute path.
    ///   - clock: what the machine's clock says.
    public init(store path: String, program: HelperProgram, machine: DebianMachine, clock: Timestamp) {
        let store = StoreProbe(path: path)
        // Where the store cannot be, the kernel can still be asked.
        let place = store.isWritable ? store.temporary : "/tmp"
        checks =
            SandboxProbe(program: program, directory: place).checks() + store.checks() + machine.checks()
            + (store.isThere ? [Self.reserve(of: path)] : []) + [Self.keys, Self.check(clock, path, program)]
    }

    private static func reserve(of store: String) -> MachineCheck {
        Reserve(path: "\(store)/reserve").isHeld
            ? MachineCheck("reserve", .ok, "\(Reserve.size >> 20) MiB held for rollbacks on a full disk")
            : MachineCheck(
                "reserve", .weak, "not held: the disk was full",
                remedy: "free some space; the next command that writes takes it back")
    }

    private static var keys: MachineCheck {
        let path = "/usr/bin/ssh-keygen"
        return access(path, X_OK) == 0
            ? MachineCheck("ssh-keygen", .ok, path)
            : MachineCheck(
                "ssh-keygen", .weak, "\(path) is not installed: nothing can be signed",
                remedy: "as root: apt-get install openssh-client")
    }

    /// 2026-01-01: no bake is older.
    private static let earliest = Timestamp(milliseconds: 1_767_225_600_000)

    /// Order is the ledger's sequence, whatever the clock says; times are only as true as it is.
    private static func check(_ clock: Timestamp, _ path: String, _ program: HelperProgram) -> MachineCheck {
        let remedy = "as root: timedatectl set-ntp true, or date -s"
        guard clock.milliseconds >= earliest.milliseconds else {
            return MachineCheck("clock", .weak, "it says \(clock)", remedy: remedy)
        }
        if let last = try? newestEntry(path, program)?.time, last.milliseconds > clock.milliseconds + 1000 {
            return MachineCheck(
                "clock", .weak, "it says \(clock), and the ledger's last entry is of \(last)",
                remedy: "\(remedy); where that entry's clock was the wrong one: bake env clock --reason TEXT")
        }
        return MachineCheck("clock", .ok, "\(clock)")
    }

    private static func newestEntry(_ path: String, _ program: HelperProgram) throws -> Entry? {
        let ledger = try BakeStore.openForReading(path, program: program).ledger
        return try ledger.entries(from: ledger.latest(), limit: 1).first
    }
}
