import BakeModel
import LinuxSystem

/// Turns pieces of tar into gzip members: several threads compress, one writes them in order and hashes them.
final class MemberPipeline: Sendable {
    private let queue: MemberQueue
    private let encoders: [Worker<Void>]
    private let writer: Worker<Written>

    /// What the writing thread can tell when all is written.
    struct Written: Sendable {
        /// The digest of the compressed bytes.
        let blob: Digest
        /// How many there are.
        let size: UInt64
    }

    /// More threads than this only cost memory: about 2 MiB each.
    private static let mostThreads = 8

    /// Starts the threads.
    init(to output: Descriptor, compression: Compression, threads: Int) {
        let count = min(max(threads, 1), Self.mostThreads)
        let queue = MemberQueue(capacity: count + 2)
        self.queue = queue
        encoders = (0..<count).map { _ in Worker { Self.encode(queue, compression) } }
        writer = Worker { Self.write(queue, to: output) }
    }

    deinit { queue.fail(LayerWriteError.closed) }

    /// Adds the next piece; waits while too many are on their way. Throws what compressing or writing threw.
    func submit(_ tar: [UInt8]) throws { try queue.submit(tar) }

    /// Waits until everything is written.
    func finish() throws -> Written {
        queue.close()
        for encoder in encoders { try encoder.result() }
        let written = try writer.result()
        try queue.checkFailure()
        return written
    }

    private static func encode(_ queue: MemberQueue, _ compression: Compression) {
        do {
            let encoder = try GzipEncoder(compression)
            while let (number, tar) = queue.takeUncompressed() {
                queue.deliver(try encoder.member(of: tar), number: number)
            }
        } catch { queue.fail(error) }
    }

    private static func write(_ queue: MemberQueue, to output: Descriptor) -> Written {
        var hasher = DigestHasher()
        var size: UInt64 = 0
        do {
            while let member = queue.takeCompressed() {
                try member.withUnsafeBytes { try output.write($0) }
                hasher.update(member)
                size += UInt64(member.count)
            }
        } catch { queue.fail(error) }
        return Written(blob: hasher.finish(), size: size)
    }
}
