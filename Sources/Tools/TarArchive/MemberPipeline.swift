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
        /// What the next layer may copy from this one, in order; empty where nobody asked.
        let members: [LayerMember]
    }

    /// More threads than this only cost memory: about 3 MiB each.
    private static let mostThreads = 8

    /// Starts the threads.
    init(to output: Descriptor, compression: Compression, threads: Int, reusing lookup: MemberLookup?) {
        let count = min(max(threads, 1), Self.mostThreads)
        let queue = MemberQueue(capacity: count + 2)
        self.queue = queue
        encoders = (0..<count).map { _ in Worker { Self.encode(queue, compression, lookup) } }
        writer = Worker { Self.write(queue, to: output, isIndexed: lookup != nil) }
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

    private static func encode(_ queue: MemberQueue, _ compression: Compression, _ lookup: MemberLookup?) {
        do {
            let encoder = try GzipEncoder(compression)
            while let (number, tar) = queue.takeUncompressed() {
                guard let lookup else {
                    queue.deliver(
                        EncodedMember(bytes: try encoder.member(of: tar), of: tar, plain: nil), number: number)
                    continue
                }
                let plain = Digest.of(tar)
                let known = lookup(plain).flatMap { GzipMember.trailer(of: $0, fits: tar) ? $0 : nil }
                let bytes = try known ?? encoder.member(of: tar)
                queue.deliver(EncodedMember(bytes: bytes, of: tar, plain: plain), number: number)
            }
        } catch { queue.fail(error) }
    }

    private static func write(_ queue: MemberQueue, to output: Descriptor, isIndexed: Bool) -> Written {
        var hasher = DigestHasher()
        var size: UInt64 = 0
        var members: [LayerMember] = []
        do {
            while let member = queue.takeCompressed() {
                try member.bytes.withUnsafeBytes { try output.write($0) }
                hasher.update(member.bytes)
                if let plain = member.plain {
                    members.append(
                        LayerMember(
                            plain: plain, stored: Digest.of(member.bytes), offset: size, size: member.bytes.count,
                            plainSize: member.plainSize))
                }
                size += UInt64(member.bytes.count)
            }
        } catch { queue.fail(error) }
        return Written(blob: hasher.finish(), size: size, members: members)
    }
}

/// A member that is ready to be written.
struct EncodedMember: Sendable {
    /// Header, compressed bytes and trailer.
    let bytes: [UInt8]
    /// How many bytes it holds.
    let plainSize: Int
    /// The digest of what it holds; nil where nobody asked.
    let plain: Digest?

    init(bytes: [UInt8], of tar: [UInt8], plain: Digest?) {
        self.bytes = bytes
        plainSize = tar.count
        self.plain = plain
    }
}

/// Gives the gzip member that holds the bytes of a digest, as the very same encoder wrote it before; nil where there is
/// none. Called from many threads.
public typealias MemberLookup = @Sendable (_ plain: Digest) -> [UInt8]?
