import BakeModel

/// Numbers and texts one after another, read within their bounds.
struct RecordBytes {
    /// The bytes are none that bake wrote.
    struct Damage: Error {}

    private let all: [UInt8]
    private var place: Int

    /// Starts somewhere in the bytes.
    init(_ bytes: [UInt8], from start: Int = 0) {
        all = bytes
        place = start
    }

    /// Whether nothing is left.
    var isAtEnd: Bool { place >= all.count }

    /// The next so many bytes.
    mutating func bytes(_ count: Int) throws(Damage) -> ArraySlice<UInt8> {
        guard count >= 0, count <= all.count - place else { throw Damage() }
        defer { place += count }
        return all[place..<place + count]
    }

    /// Everything that is left.
    mutating func rest() throws(Damage) -> ArraySlice<UInt8> { try bytes(all.count - place) }

    /// The next byte.
    mutating func byte() throws(Damage) -> UInt8 {
        guard place < all.count else { throw Damage() }
        defer { place += 1 }
        return all[place]
    }

    /// The next number, the highest byte first.
    mutating func number<Number: FixedWidthInteger>() throws(Damage) -> Number {
        try bytes(Number.bitWidth / 8).reduce(0) { $0 << 8 | Number(truncatingIfNeeded: $1) }
    }

    /// The next number, of bytes in a tar: sums of two of them do not overflow.
    mutating func size() throws(Damage) -> UInt64 {
        let number: UInt64 = try number()
        guard number < 1 << 48 else { throw Damage() }
        return number
    }

    /// Bytes behind their number.
    mutating func text() throws(Damage) -> ArraySlice<UInt8> {
        let count: UInt16 = try number()
        return try bytes(Int(count))
    }

    /// A clean path behind its length.
    mutating func path() throws(Damage) -> TreePath {
        let text = try text()
        guard let path = try? TreePath(cleaning: text), path.bytes.elementsEqual(text) else { throw Damage() }
        return path
    }

    /// A digest.
    mutating func digest() throws(Damage) -> Digest {
        guard let digest = Digest(bytes: Array(try bytes(32))) else { throw Damage() }
        return digest
    }
}

extension [UInt8] {
    /// Adds a number, the highest byte first.
    mutating func append(number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
    }

    /// Adds bytes behind their number, which is below 65,536.
    mutating func append(text: [UInt8]) {
        append(number: UInt16(text.count))
        self += text
    }
}
