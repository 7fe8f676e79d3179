import BakeModel

/// Where the objects of a pack lie: a `pack-*.idx` of version 2, read strictly. Source: gitformat-pack(5).
struct PackIndex {
    /// How many objects the pack has.
    let count: Int
    private let bytes: [UInt8]

    /// What an index of version 2 begins with.
    static let magic: [UInt8] = [0xff, 0x74, 0x4f, 0x63, 0, 0, 0, 2]
    private static let names = magic.count + 256 * 4
    private static let nameSize = 20
    /// Two SHA-1s end the file.
    private static let trailer = 40

    /// Reads an index; nil where it is of another version or cut off.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= Self.names + Self.trailer, bytes.starts(with: Self.magic) else { return nil }
        self.bytes = bytes
        let last = Self.magic.count + 255 * 4
        count = Int(Self.number(bytes, last))
        // Of each object a name, a CRC-32 and an offset.
        guard bytes.count >= Self.names + Self.trailer + count * (Self.nameSize + 8) else { return nil }
    }

    /// Every object, in the order of their names.
    var objects: [ObjectID] { (0..<count).compactMap { ObjectID(raw: name($0)) } }

    /// Where an object's entry begins; nil where the pack does not have it.
    func offset(of id: ObjectID) -> UInt64? {
        let wanted = id.raw
        guard let first = wanted.first.map(Int.init) else { return nil }
        var low = first == 0 ? 0 : fanOut(first - 1)
        var high = fanOut(first)
        guard low <= high, high <= count else { return nil }
        while low < high {
            let middle = (low + high) / 2
            if name(middle).lexicographicallyPrecedes(wanted) { low = middle + 1 } else { high = middle }
        }
        guard low < count, name(low).elementsEqual(wanted) else { return nil }
        return offset(low)
    }

    private func fanOut(_ byte: Int) -> Int { Int(Self.number(bytes, Self.magic.count + byte * 4)) }

    private func name(_ position: Int) -> ArraySlice<UInt8> {
        let start = Self.names + position * Self.nameSize
        return bytes[start..<(start + Self.nameSize)]
    }

    private func offset(_ position: Int) -> UInt64? {
        let offsets = Self.names + count * (Self.nameSize + 4)
        let short = Self.number(bytes, offsets + position * 4)
        guard short & 1 << 31 != 0 else { return UInt64(short) }
        // Of packs over 2 GiB the number is a place in a list of long ones.
        let place = offsets + count * 4 + Int(short & ~(1 << 31)) * 8
        guard place + 8 <= bytes.count - Self.trailer else { return nil }
        return UInt64(Self.number(bytes, place)) << 32 | UInt64(Self.number(bytes, place + 4))
    }

    private static func number(_ bytes: [UInt8], _ place: Int) -> UInt32 {
        bytes[place..<(place + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }
}
