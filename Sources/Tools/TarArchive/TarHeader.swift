/// What an entry's headers say, to be compared with what libarchive makes of them.
struct EntryFacts {
    /// Permission bits as they stand in the header: libarchive mixes ACLs into them.
    let mode: UInt16
    /// The bytes of data that follow.
    let size: UInt64
    /// Whether these are a sparse file's map and pieces.
    let isSparse: Bool
    /// Where they begin in the tar.
    let dataOffset: UInt64
}

/// One 512-byte header block of a tar (POSIX.1-1988 ustar, GNU), as far as framing needs it.
struct TarHeader {
    /// The letter that says what the entry is.
    let type: UInt8
    /// The bytes of data that follow, before a pax header overrides it.
    let size: UInt64
    /// Permission bits with set-id and sticky bits.
    let mode: UInt16
    /// Whether a block with more of an old GNU sparse map follows.
    let hasMoreSparseBlocks: Bool

    /// The length of every block.
    static let blockSize = 512

    /// Reads a header and checks its sum. `place` names it in errors.
    init(_ block: UnsafeRawBufferPointer, _ place: String) throws(ArchiveReadError) {
        let checksum = try Self.octal(block[148..<156], place)
        let sum = block.enumerated().reduce(UInt64(0)) { sum, byte in
            sum + UInt64((148..<156).contains(byte.offset) ? 0x20 : byte.element)
        }
        guard sum == checksum else { throw ArchiveReadError(.badHeader, place) }
        type = block[156]
        size = try Self.number(block[124..<136], place)
        mode = UInt16(try Self.octal(block[100..<108], place) & 0o7777)
        hasMoreSparseBlocks = type == UInt8(ascii: "S") && block[482] != 0
    }

    /// A number in octal digits or, where the first bit is set, in base 256 (GNU).
    private static func number(_ field: Slice<UnsafeRawBufferPointer>, _ place: String) throws(ArchiveReadError)
        -> UInt64
    {
        guard let first = field.first, first & 0x80 != 0 else { return try octal(field, place) }
        // The first byte is a mark; the bytes that 64 bits cannot hold must be zero, which rules out negative numbers.
        guard first == 0x80, field.dropFirst().dropLast(8).allSatisfy({ $0 == 0 }), field[field.endIndex - 8] < 0x80
        else { throw ArchiveReadError(.badHeader, place) }
        return field.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Spaces, octal digits, then only spaces and NULs.
    private static func octal(_ field: Slice<UnsafeRawBufferPointer>, _ place: String) throws(ArchiveReadError)
        -> UInt64
    {
        let text = field.drop { $0 == 0x20 }
        let digits = text.prefix { (0x30...0x37).contains($0) }
        guard text.dropFirst(digits.count).allSatisfy({ $0 == 0x20 || $0 == 0 }) else {
            throw ArchiveReadError(.badHeader, place)
        }
        return digits.reduce(0) { $0 << 3 | UInt64($1 - 0x30) }
    }
}
