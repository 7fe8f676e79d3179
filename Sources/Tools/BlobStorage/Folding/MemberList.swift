import BakeModel
import LinuxSystem

/// Tells how long the piece is that begins with these bytes; nil where none does that could be shared.
///
/// Of the layers that bake writes, the pieces are gzip members, which say so themselves.
public typealias MemberCut = @Sendable (UnsafeRawBufferPointer) -> Int?

/// The pieces that a layer is made of, one behind the other.
///
/// As stored: a line of text, then 20 bytes a piece: the first 16 of its SHA-256, and its length (big-endian). That is enough
/// to find it; what the pieces make is proved by its own digest.
struct MemberList: Hashable {
    /// A piece.
    struct Member: Hashable {
        let name: Name
        let size: Int
    }

    /// The first 16 bytes of a piece's SHA-256.
    struct Name: Hashable {
        private let high: UInt64
        private let low: UInt64

        init(of bytes: UnsafeRawBufferPointer) {
            var hasher = DigestHasher()
            hasher.update(bytes)
            self.init(hasher.finish())
        }

        init(_ digest: Digest) { self.init(digest.bytes[...]) }

        init(_ bytes: ArraySlice<UInt8>) {
            high = UInt64(bigEndianBytes: bytes.prefix(8))
            low = UInt64(bigEndianBytes: bytes.dropFirst(8).prefix(8))
        }

        var bytes: [UInt8] { high.bigEndianBytes + low.bigEndianBytes }
    }

    /// The pieces, in order.
    var members: [Member] = []

    /// How many bytes they have together.
    var size: UInt64 { members.reduce(0) { $0 + UInt64($1.size) } }

    /// No piece is longer.
    static let longest = 4 << 20
    private static let head = Array("bake members 1\n".utf8)
    private static let recordSize = 20
}

extension MemberList {
    /// Reads what `bytes` wrote; nil for everything else.
    init?(parsing bytes: [UInt8]) {
        guard bytes.starts(with: Self.head) else { return nil }
        var rest = bytes[Self.head.count...]
        guard rest.count.isMultiple(of: Self.recordSize) else { return nil }
        while !rest.isEmpty {
            let size = Int(UInt64(bigEndianBytes: rest.dropFirst(16).prefix(4)))
            guard (1...Self.longest).contains(size) else { return nil }
            members.append(Member(name: Name(rest.prefix(16)), size: size))
            rest = rest.dropFirst(Self.recordSize)
        }
    }

    /// The list as stored.
    var bytes: [UInt8] {
        Self.head
            + members.flatMap { member in
                member.name.bytes + UInt64(member.size).bigEndianBytes.suffix(4)
            }
    }

    /// Cuts an open blob into its pieces.
    /// - Returns: the pieces and the digest of the whole; nil where it cannot be cut from its first byte to its last.
    static func cutting(_ file: Descriptor, _ cut: MemberCut) throws -> (list: MemberList, whole: Digest)? {
        let size = Int(try file.status().st_size)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.longest, alignment: 16)
        defer { buffer.deallocate() }
        var list = MemberList()
        var hasher = DigestHasher()
        var offset = 0
        while offset < size {
            let start = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(Self.headSize, size - offset)])
            try file.fill(start, from: offset)
            guard let length = cut(UnsafeRawBufferPointer(start)), length <= min(Self.longest, size - offset) else {
                return nil
            }
            let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<length])
            try file.fill(piece, from: offset)
            hasher.update(UnsafeRawBufferPointer(piece))
            list.members.append(Member(name: Name(of: UnsafeRawBufferPointer(piece)), size: length))
            offset += length
        }
        return (list, hasher.finish())
    }

    /// As many bytes as are needed to see how long a piece is.
    private static let headSize = 64
}

extension UInt64 {
    /// The number that bytes spell, the highest first; at most eight of them.
    init(bigEndianBytes bytes: ArraySlice<UInt8>) { self = bytes.reduce(0) { $0 << 8 | UInt64($1) } }

    /// Its eight bytes, the highest first.
    var bigEndianBytes: [UInt8] { withUnsafeBytes(of: bigEndian) { Array($0) } }
}
