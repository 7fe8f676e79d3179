import BakeModel
import Clibdeflate

/// The frame of the gzip members that bake writes (RFC 1952): no name, no time, operating system 255 (unknown), and one
/// extra field (2.3.1.1) that holds the length of the whole member, so that a reader finds the next one without
/// decompressing this one.
///
/// Members may be decompressed in any order and on many threads; readers that know nothing of the field pass over it.
enum GzipMember {
    /// Ten fixed bytes, two for the length of the extra fields, four and four for the one field.
    static let headerSize = 20
    /// CRC-32 and length of what is compressed.
    static let trailerSize = 8
    /// The subfield's name, SI1 and SI2.
    private static let mark: [UInt8] = Array("BK".utf8)

    /// Writes a header.
    /// - Parameters:
    ///   - size: the length of the member with header and trailer.
    ///   - flags: XFL, which tells how hard was compressed.
    static func writeHeader(_ buffer: UnsafeMutableRawBufferPointer, size: Int, flags: UInt8) {
        buffer.copyBytes(from: [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, flags, 255, 8, 0] + mark + [4, 0])
        buffer.storeBytes(of: UInt32(size).littleEndian, toByteOffset: 16, as: UInt32.self)
    }

    /// Writes CRC-32 and length.
    static func writeTrailer(_ buffer: UnsafeMutableRawBufferPointer, of plain: UnsafeRawBufferPointer) {
        let sum = libdeflate_crc32(0, plain.baseAddress, plain.count)
        buffer.storeBytes(of: sum.littleEndian, toByteOffset: 0, as: UInt32.self)
        buffer.storeBytes(of: UInt32(truncatingIfNeeded: plain.count).littleEndian, toByteOffset: 4, as: UInt32.self)
    }

    /// The length that the member at the start of the bytes claims; nil where it is none of bake's.
    static func size(at bytes: UnsafeRawBufferPointer) -> Int? {
        guard bytes.count >= headerSize, bytes.prefix(4).elementsEqual([0x1f, 0x8b, 8, 4]),
            bytes[10..<16].elementsEqual([8, 0] + mark + [4, 0])
        else { return nil }
        let size = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self)))
        return size >= headerSize + trailerSize ? size : nil
    }

    /// How many bytes the member holds, as its trailer says.
    static func plainSize(of member: UnsafeRawBufferPointer) -> Int {
        Int(UInt32(littleEndian: member.loadUnaligned(fromByteOffset: member.count - 4, as: UInt32.self)))
    }

    /// Whether the member's trailer is that of these bytes.
    static func trailer(of member: [UInt8], fits plain: [UInt8]) -> Bool {
        guard member.count >= headerSize + trailerSize else { return false }
        var expected = [UInt8](repeating: 0, count: trailerSize)
        expected.withUnsafeMutableBytes { expected in plain.withUnsafeBytes { writeTrailer(expected, of: $0) } }
        return member.suffix(trailerSize).elementsEqual(expected)
    }
}

extension LayerMember {
    /// The length of the member that begins with these bytes, at least 20 of them; nil where it is none of bake's.
    public static func size(beginning bytes: UnsafeRawBufferPointer) -> Int? { GzipMember.size(at: bytes) }
}
