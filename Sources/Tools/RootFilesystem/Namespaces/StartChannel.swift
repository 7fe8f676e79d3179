import CLinux
import Glibc
import LinuxSystem

/// The caller's side of the talk with a child between clone3 and exec (`Namespaces.h`).
struct StartChannel: ~Copyable {
    private let ours: Descriptor
    private var theirs: Descriptor?

    init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        try SystemError.check("make", "a socket pair") { clinux_channel(&ends) }
        ours = Descriptor(owning: ends[0])
        theirs = Descriptor(owning: ends[1])
    }

    /// Starts the child with both ends, and closes its end here: else the end of the stream would never come.
    mutating func start(_ clone: ([Int32]) -> pid_t) throws(NamespaceError) -> ChildProcess {
        let id = clone([ours.number, theirs?.number ?? -1])
        let number = errno
        theirs = nil
        guard id > 0 else { throw .noNamespaces(SystemError("make", "the sandbox's namespaces", number: number)) }
        return ChildProcess(adopting: id)
    }

    /// Lets the child go on. Where it is gone already, its report tells why.
    func release() { _ = clinux_release(ours.number) }

    /// Waits until the child says that it is tied to this thread.
    /// - Returns: the index of what it says.
    @discardableResult
    func awaitReady(_ child: ChildProcess, detail: (Int) -> String) throws -> Int32 {
        guard let report = try receive() else { throw NamespaceError.endedEarly(try child.wait()) }
        try Self.check(report, child, detail)
        return report.index
    }

    /// Waits until the program has started.
    func awaitStart(_ child: ChildProcess, detail: (Int) -> String) throws {
        if let report = try receive() { try Self.check(report, child, detail) }
    }

    private static func check(_ report: clinux_report, _ child: ChildProcess, _ detail: (Int) -> String) throws {
        guard report.error != 0 else { return }
        child.kill()
        _ = try? child.wait()
        throw NamespaceError(report, detail: detail)
    }

    private func receive() throws(SystemError) -> clinux_report? {
        var report = clinux_report()
        let count = try SystemError.check("hear", "the sandbox") { clinux_receive_report(ours.number, &report) }
        return count == 1 ? report : nil
    }
}
