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
        writer = Worker { Self.write(queue, to: output) }
    }

    deinit { queue.fail(LayerWriteError.closed) }

    /// Adds the next piece; waits while too many are on their way. Throws what compressing or writing threw.
    func submit(_ tar: PlainMember) throws { try queue.submit(tar) }

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
                queue.deliver(try member(of: tar, encoder, lookup), number: number)
            }
        } catch { queue.fail(error) }
    }

    private static func member(
        of tar: PlainMember, _ encoder: borrowing GzipEncoder, _ lookup: MemberLookup?
    ) throws -> EncodedMember {
        guard let lookup else {
            return EncodedMember(bytes: try encoder.member(of: tar.bytes), of: tar, digests: nil)
        }
        let content = tar.name ?? Digest.of(tar.bytes)
        if let known = lookup(content), GzipMember.trailer(of: known.bytes, fits: tar.bytes) {
            return EncodedMember(bytes: known.bytes, of: tar, digests: (content, known.digest))
        }
        let bytes = try encoder.member(of: tar.bytes)
        return EncodedMember(bytes: bytes, of: tar, digests: (content, Digest.of(bytes)))
    }

    private static func write(_ queue: MemberQueue, to output: Descriptor) -> Written {
        var hasher = DigestHasher()
        var size: UInt64 = 0
        var members: [LayerMember] = []
        do {
            while let member = queue.takeCompressed() {
                try member.bytes.withUnsafeBytes { try output.write($0) }
                hasher.update(member.bytes)
                if let digests = member.digests {
                    members.append(
                        LayerMember(
                            content: digests.content, stored: digests.stored, offset: size, size: member.bytes.count,
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
    /// What names its content, and its own digest; nil where nobody asked.
    let digests: (content: Digest, stored: Digest)?

    init(bytes: [UInt8], of tar: PlainMember, digests: (content: Digest, stored: Digest)?) {
        self.bytes = bytes
        plainSize = tar.bytes.count
        self.digests = digests
    }
}

/// Gives the gzip member whose content has this name (`LayerMember.content`), as the very same encoder wrote it before, with its own
/// digest, which is proved; nil where there is none. Called from many threads.
public typealias MemberLookup = @Sendable (_ content: Digest) -> (bytes: [UInt8], digest: Digest)?
