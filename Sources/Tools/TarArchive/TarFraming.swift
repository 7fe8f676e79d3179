/// Follows the blocks of a tar without keeping them, and refuses what readers are known to take differently.
///
/// It checks what libarchive 3.6.2 lets pass: a NUL in a pax name (libarchive sees a shorter name), an end of file
/// without the end of the archive, data after it, numbers with rubbish behind them, links with data, global headers
/// with effect, extensions that are repeated, mixed, or belong to nothing.
struct TarFraming {
    private let limits: ArchiveLimits
    private var expected = Expected.header
    private var block: [UInt8] = []
    private var extensions = PendingExtensions()
    private var position: UInt64 = 0
    private var facts: [EntryFacts] = []
    /// How many entries there were, extension headers not counted.
    private(set) var entries = 0

    private enum Expected {
        case header
        case data(UInt64)
        case extensionData(type: UInt8, size: Int, padded: Int)
        case sparseMap(thenData: UInt64)
        case secondZeroBlock
        case zeros
    }

    /// Starts before the first block.
    init(_ limits: ArchiveLimits) { self.limits = limits }

    /// Takes the next bytes, however they are cut.
    mutating func accept(_ bytes: UnsafeRawBufferPointer) throws(ArchiveReadError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let before = rest.count
            try step(&rest)
            position += UInt64(before - rest.count)
        }
    }

    /// Checks that the archive has ended.
    func finish() throws(ArchiveReadError) {
        guard case .zeros = expected else { throw ArchiveReadError(.truncated, place) }
    }

    /// What the oldest entry not asked for looks like; nil where libarchive sees one that is not there.
    mutating func takeFacts() -> EntryFacts? { facts.isEmpty ? nil : facts.removeFirst() }

    private var place: String { "byte \(position) of the tar" }

    private mutating func step(_ rest: inout Slice<UnsafeRawBufferPointer>) throws(ArchiveReadError) {
        switch expected {
        case .data(let size):
            let count = min(size, UInt64(rest.count))
            rest = rest.dropFirst(Int(count))
            expected = count == size ? .header : .data(size - count)
        case .zeros:
            guard rest.allSatisfy({ $0 == 0 }) else { throw ArchiveReadError(.trailingData, place) }
            rest = rest[rest.endIndex...]
        case .extensionData(let type, let size, let padded):
            guard collect(padded, &rest) else { return }
            try extensions.add(type, Array(block[..<size]), place)
            next(.header)
        case .header:
            guard collect(TarHeader.blockSize, &rest) else { return }
            next(try afterHeader())
        case .sparseMap(let size):
            guard collect(TarHeader.blockSize, &rest) else { return }
            next(block[504] != 0 ? .sparseMap(thenData: size) : Self.data(size))
        case .secondZeroBlock:
            guard collect(TarHeader.blockSize, &rest) else { return }
            guard block.allSatisfy({ $0 == 0 }) else { throw ArchiveReadError(.trailingData, place) }
            next(.zeros)
        }
    }

    /// Gathers bytes until the block has `count`; true when it has.
    private mutating func collect(_ count: Int, _ rest: inout Slice<UnsafeRawBufferPointer>) -> Bool {
        let taken = rest.prefix(count - block.count)
        block += taken
        rest = rest.dropFirst(taken.count)
        return block.count == count
    }

    private mutating func next(_ state: Expected) {
        expected = state
        block.removeAll(keepingCapacity: true)
    }

    private mutating func afterHeader() throws(ArchiveReadError) -> Expected {
        if block.allSatisfy({ $0 == 0 }) {
            try extensions.checkNonePending(place)
            return .secondZeroBlock
        }
        let header = try readHeader()
        switch header.type {
        case UInt8(ascii: "x"), UInt8(ascii: "g"), UInt8(ascii: "L"), UInt8(ascii: "K"):
            guard header.size <= limits.extensionBytes else { throw ArchiveReadError(.nameTooLong, place) }
            let padded = Self.padded(header.size)
            if padded > 0 { return .extensionData(type: header.type, size: Int(header.size), padded: Int(padded)) }
            try extensions.add(header.type, [], place)
            return .header
        default: return try afterEntry(header)
        }
    }

    private func readHeader() throws(ArchiveReadError) -> TarHeader {
        let place = entries == 0 && position < 512 ? "the first header" : place
        var result: Result<TarHeader, ArchiveReadError>?
        block.withUnsafeBytes { bytes in
            result = Result { () throws(ArchiveReadError) in try TarHeader(bytes, place) }
        }
        guard let result else { throw ArchiveReadError(.badHeader, place) }
        return try result.get()
    }

    private mutating func afterEntry(_ header: TarHeader) throws(ArchiveReadError) -> Expected {
        entries += 1
        guard entries <= limits.entries else { throw ArchiveReadError(.tooManyEntries(limits.entries), place) }
        let pax = extensions.take()
        let size = pax?.size ?? header.size
        let isSparse = pax?.isSparse ?? false || header.type == UInt8(ascii: "S")
        // The header's block ends where the next begins, wherever in it the bytes at hand began.
        let end = (position & ~511) + UInt64(TarHeader.blockSize)
        facts.append(EntryFacts(mode: header.mode, size: size, isSparse: isSparse, dataOffset: end))
        switch header.type {
        case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): break
        case UInt8(ascii: "S"):
            if header.hasMoreSparseBlocks { return .sparseMap(thenData: size) }
        case UInt8(ascii: "1")...UInt8(ascii: "6"):
            guard size == 0 else { throw ArchiveReadError(.dataOfLink, place) }
        default: throw ArchiveReadError(.unknownType(header.type), place)
        }
        guard size <= limits.bytes else { throw ArchiveReadError(.tooManyBytes(limits.bytes), place) }
        return Self.data(size)
    }

    private static func data(_ size: UInt64) -> Expected { size == 0 ? .header : .data(padded(size)) }

    /// Callers keep sizes below 2⁶³, so this cannot overflow.
    private static func padded(_ size: UInt64) -> UInt64 { (size + 511) & ~511 }
}
