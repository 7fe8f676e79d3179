import BakeModel
import CLinux
import Glibc
import Synchronization

/// A copy of this process from before it did anything, which becomes its first helper: loading the executable and its
/// libraries again takes most of a short helper's time.
///
/// It is made first of all, because fork(2) is safe only where no other thread is, and because nothing that this process reads
/// later may lie in a helper's memory. The environment, which it has then, is wiped in the copy.
public enum PreforkedHelper {
    private struct Waiting {
        let child: ChildProcess
        let orders: Descriptor
    }

    /// What the copy becomes: the helper's name, and the descriptors that come with it, in the message's order.
    private struct Order {
        static let limit = 4096
        let helper: String
        let targets: [Int32]

        init(helper: String, targets: [Int32]) {
            self.helper = helper
            self.targets = targets
        }

        init?(_ json: JSON) {
            guard let helper = json["helper"]?.string, let targets = json["targets"]?.items else { return nil }
            self.init(helper: helper, targets: targets.compactMap { $0.number.map(Int32.init(truncatingIfNeeded:)) })
        }

        var json: JSON {
            .record(["helper": .string(helper), "targets": .array(targets.map { .number(Int64($0)) })])
        }
    }

    /// A process is copied once, at its start: that is a fact of the process, like its number.
    private static let waiting = Mutex<Waiting?>(nil)

    /// Makes the copy, which waits until `start` needs it, and ends with this process. Where that is refused, helpers are
    /// started from the executable.
    /// - Parameter serve: does a helper's work, given its name, in the copy. Only to be called before there are threads.
    public static func prepare(_ serve: (String) -> Void) {
        // Plain numbers: the copy must let go of the other's end, and of both before a helper's descriptors take their place.
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else { return }
        let id = clinux_fork()
        guard id == 0 else {
            close(ends[1])
            let orders = Descriptor(owning: ends[0])
            if id > 0 { waiting.withLock { $0 = Waiting(child: ChildProcess(adopting: id), orders: orders) } }
            return
        }
        close(ends[0])
        clinux_die_with_parent()
        clinux_begin_anew("bake-helper")
        if let name = try? awaitOrder(ends[1]) { serve(name) }
        _exit(1)
    }

    /// Starts a helper in the copy.
    /// - Parameter descriptors: as `ChildProcess.start` takes them.
    /// - Returns: the process; nil where there is no copy, or it serves already.
    static func start(_ helper: String, descriptors: [Int32: Descriptor]) -> ChildProcess? {
        let taken = waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
        guard let taken else { return nil }
        let order = Order(helper: helper, targets: descriptors.keys.sorted())
        let bytes = order.json.canonicalBytes
        let numbers = order.targets.compactMap { descriptors[$0]?.number }
        let sent = withExtendedLifetime(descriptors) {
            clinux_send_descriptors(taken.orders.number, bytes, bytes.count, numbers, numbers.count)
        }
        guard sent == 0 else {
            taken.child.kill()
            _ = try? taken.child.wait()
            return nil
        }
        return taken.child
    }

    /// In the copy: holds nothing of what the process was started with until the order comes, then has what a helper has.
    /// - Returns: the helper's name; nil where the process ended without needing one.
    private static func awaitOrder(_ orders: Int32) throws -> String? {
        let inbox = try letGo(keeping: orders)
        var bytes = [UInt8](repeating: 0, count: Order.limit)
        var sources = [Int32](repeating: -1, count: Int(CLINUX_SENT_DESCRIPTORS_MAX))
        var count = 0
        let size = try SystemError.check("receive", "the work of a helper") {
            clinux_receive_descriptors(inbox, &bytes, Order.limit, &sources, &count)
        }
        close(inbox)
        guard size > 0, let order = Order(try JSON(parsing: bytes[..<size])), order.targets.count == count else {
            return nil
        }
        // Moved out of the way of the targets first, as ChildProcess does it; the first ones are closed with all the rest.
        let moved = try sources[..<count].map { source in
            try SystemError.check("duplicate", "a helper's descriptor") { fcntl(source, F_DUPFD, 64) }
        }
        for (target, source) in zip(order.targets, moved) { try replace(target, by: source) }
        try SystemError.check("close", "what is not a helper's") {
            clinux_close_from(max(order.targets.max() ?? 2, 2) + 1)
        }
        HelperProgram.environment.forEach(Self.set)
        return order.helper
    }

    /// Closes what the user gave to the command: whoever reads the other end of a pipe waits for that.
    /// - Returns: the descriptor that stays.
    private static func letGo(keeping orders: Int32) throws(SystemError) -> Int32 {
        let kept: Int32 = 3
        try replace(kept, by: orders)
        try SystemError.check("close", "what is not a helper's") { clinux_close_from(kept + 1) }
        let nothing = try Descriptor.open("/dev/null", O_RDWR)
        for stream in Int32(0)...2 { try replace(stream, by: nothing.number) }
        return kept
    }

    private static func replace(_ target: Int32, by source: Int32) throws(SystemError) {
        try SystemError.check("replace", "descriptor \(target)") { dup2(source, target) }
    }

    /// Sets a variable, `NAME=value`.
    private static func set(_ variable: String) {
        let parts = variable.split(separator: "=", maxSplits: 1).map(String.init)
        setenv(parts[0], parts[1], 1)
    }
}
