import BakeModel
import Glibc

/// One message of a session: a byte that says what it is, eight bytes of length (big-endian), the bytes.
public enum HelperFrame {
    /// What a frame holds; letters of a helper's own begin at `a`.
    public struct Kind: Hashable, Sendable {
        /// The byte on the wire.
        public let byte: UInt8
        /// A JSON value.
        public static let value = Kind(byte: UInt8(ascii: "V"))
        /// An error, as JSON.
        public static let failure = Kind(byte: UInt8(ascii: "E"))

        /// A kind of a helper's own.
        public init(byte: UInt8) { self.byte = byte }
    }

    /// The other side is gone.
    struct Ended: ExplainedError {
        let doing = "ask"
        let subject = "the helper process"
        let reason = "its session was closed"
    }

    /// The other side did not answer in time.
    struct TimedOut: Error {}

    /// The other side spoke nonsense.
    struct Malformed: ExplainedError {
        let doing = "read the answer of"
        let subject = "the helper process"
        let reason = "the answer is malformed"
    }

    static let headerSize = 9

    static func header(_ kind: Kind, length: Int) -> [UInt8] {
        [kind.byte] + (0..<8).map { UInt8(truncatingIfNeeded: UInt64(length) >> (56 - 8 * UInt64($0))) }
    }

    static func bytes(_ kind: Kind, _ payload: [UInt8]) -> [UInt8] {
        header(kind, length: payload.count) + payload
    }
}

/// An answer that is being read.
public struct HelperAnswer: ~Copyable {
    /// What it holds.
    public let kind: HelperFrame.Kind
    /// How many bytes it has.
    public let length: Int
    /// How many of them were not read yet.
    public private(set) var remaining: Int
    private let source: Descriptor
    private let deadline: ContinuousClock.Instant?

    init(from source: Descriptor, deadline: ContinuousClock.Instant? = nil) throws {
        var header = [UInt8](repeating: 0, count: HelperFrame.headerSize)
        var filled = 0
        while filled < header.count {
            let count = try header.withUnsafeMutableBytes { buffer in
                try Self.read(source, deadline, into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
            }
            guard count > 0 else { throw HelperFrame.Ended() }
            filled += count
        }
        let length = header.dropFirst().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard let size = Int(exactly: length) else { throw HelperFrame.Malformed() }
        self.source = source
        self.deadline = deadline
        kind = HelperFrame.Kind(byte: header[0])
        self.length = size
        remaining = size
    }

    /// Reads the next bytes, at most as many as fit; 0 at the end of the answer.
    public mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard remaining > 0, !buffer.isEmpty else { return 0 }
        let count = try Self.read(
            source, deadline, into: UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(remaining)))
        guard count > 0 else { throw HelperFrame.Ended() }
        remaining -= count
        return count
    }

    /// poll(2) before each read: a timer for each answer would cost more than the answer.
    private static func read(
        _ source: Descriptor, _ deadline: ContinuousClock.Instant?, into buffer: UnsafeMutableRawBufferPointer
    ) throws -> Int {
        if let deadline {
            var waiting = pollfd(fd: source.number, events: Int16(POLLIN), revents: 0)
            let left = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
            let ready = try SystemError.check("wait for", "the helper process") {
                poll(&waiting, 1, Int32(max(0, min(left.rounded(.up), Double(Int32.max)))))
            }
            guard ready > 0 else { throw HelperFrame.TimedOut() }
        }
        return try source.read(into: buffer)
    }

    /// Reads all that is left; more than `limit` bytes is an error.
    public mutating func readAll(limit: Int) throws -> [UInt8] {
        guard remaining <= limit else { throw SystemError("read", "the helper's answer", number: EFBIG) }
        var bytes = [UInt8](repeating: 0, count: remaining)
        var filled = 0
        while remaining > 0 {
            filled += try bytes.withUnsafeMutableBytes { buffer in
                try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
            }
        }
        return bytes
    }

    /// Reads the JSON value that it holds.
    public mutating func value(limit: Int = 64 << 20) throws -> JSON {
        guard kind == .value else { throw HelperFrame.Malformed() }
        return try JSON(parsing: readAll(limit: limit))
    }

    /// Reads the next JSON value; nil where the other side is gone.
    public static func next(from source: Descriptor) throws -> JSON? {
        do {
            var frame = try HelperAnswer(from: source)
            return try frame.value()
        } catch is HelperFrame.Ended {
            return nil
        }
    }

    mutating func drain() throws {
        guard remaining > 0 else { return }
        var sink = [UInt8](repeating: 0, count: 65536)
        while remaining > 0 { _ = try sink.withUnsafeMutableBytes { try read(into: $0) } }
    }
}
