import BakeModel
import Glibc

/// A program that leads a process group of its own. With it ends what it started and left behind, and no pipe that
/// somebody of them still holds is waited for.
public final class GroupedProcess {
    private let child: ChildProcess
    /// Readable when the program has ended.
    private let ended: Descriptor
    private let waiter: Worker<Void>
    private var streams: [Stream]
    private let outputLimit: Int
    private let endsGroup: Bool

    private struct Stream {
        let descriptor: Descriptor
        var bytes: [UInt8] = []
        var isOpen = true
    }

    /// Runs a program until it ends or its time is over.
    /// - Parameters:
    ///   - outputLimit: more bytes than this on one of its streams is an error (EFBIG).
    ///   - milliseconds: its time.
    ///   - endsGroup: whether what it left behind in its group ends when it does; when its time is over it always does.
    ///   - start: starts the leader of a group, with these for its output and errors.
    /// - Returns: what it said and how it ended, and whether that was because its time was over.
    public static func run(
        outputLimit: Int, milliseconds: Int64, endsGroup: Bool = true,
        _ start: (_ output: Descriptor, _ errors: Descriptor) throws -> ChildProcess
    ) throws -> (CompletedProcess, timedOut: Bool) {
        let deadline = ContinuousClock.now + .milliseconds(milliseconds)
        let process = try GroupedProcess(outputLimit, endsGroup, start)
        let inTime = Result { try process.read(until: deadline) }
        if endsGroup || (try? inTime.get()) != true { process.child.killGroup() }
        // It writes to a pipe whose other end is the process's here.
        try? process.waiter.result()
        let ending = try process.child.wait()
        let said = process.streams.map(\.bytes)
        return (CompletedProcess(ending: ending, output: said[0], errors: said[1]), timedOut: !(try inTime.get()))
    }

    private init(
        _ outputLimit: Int, _ endsGroup: Bool, _ start: (Descriptor, Descriptor) throws -> ChildProcess
    ) throws {
        let (output, outputWrite) = try Descriptor.pipe()
        let (errors, errorsWrite) = try Descriptor.pipe()
        let (ended, endedWrite) = try Descriptor.pipe()
        let child = try start(outputWrite, errorsWrite)
        self.child = child
        self.ended = ended
        self.outputLimit = outputLimit
        self.endsGroup = endsGroup
        streams = [Stream(descriptor: output), Stream(descriptor: errors)]
        waiter = Worker {
            defer { try? endedWrite.write([0]) }
            try child.awaitEnd()
        }
    }

    /// Reads both streams until the program has ended and nothing more is there.
    /// - Returns: whether that was before the deadline.
    private func read(until deadline: ContinuousClock.Instant) throws(SystemError) -> Bool {
        var hasEnded = false
        while ContinuousClock.now < deadline {
            let numbers = streams.map { $0.isOpen ? $0.descriptor.number : -1 } + [hasEnded ? -1 : ended.number]
            var waits = numbers.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            let rest = Int32(clamping: Int64((deadline - ContinuousClock.now) / .milliseconds(1)))
            let count = poll(&waits, nfds_t(waits.count), hasEnded ? 0 : max(1, rest))
            if count == 0, hasEnded { return true }
            if count < 0, errno != EINTR { throw SystemError("wait for", "a process", number: errno) }
            for index in streams.indices where waits[index].revents != 0 { try read(index) }
            if waits[2].revents != 0 {
                hasEnded = true
                // What it left behind may write no more.
                if endsGroup { child.killGroup() }
            }
        }
        return false
    }

    private func read(_ index: Int) throws(SystemError) {
        var chunk = [UInt8](repeating: 0, count: 65536)
        var failure: SystemError?
        var count = 0
        chunk.withUnsafeMutableBytes { buffer in
            do throws(SystemError) { count = try streams[index].descriptor.read(into: buffer) } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        streams[index].isOpen = count > 0
        streams[index].bytes += chunk[..<count]
        guard streams[index].bytes.count <= outputLimit else {
            throw SystemError("read", streams[index].descriptor.describedPath, number: EFBIG)
        }
    }
}
