import BakeModel

/// A git object as a pack stores it: its bytes deflated.
struct PackedObject {
    /// Its name.
    let id: ObjectID
    /// What it is.
    let kind: ObjectKind
    /// How many bytes it has.
    let size: Int
    /// Those bytes as a zlib stream.
    let deflated: ArraySlice<UInt8>

    /// What stands before the stream: kind and size, four bits and then seven in a byte. Source: gitformat-pack(5).
    var header: [UInt8] {
        var bytes = [kind.packNumber << 4 | UInt8(size & 15)]
        var rest = size >> 4
        while rest > 0 {
            bytes[bytes.count - 1] |= 0x80
            bytes.append(UInt8(rest & 0x7f))
            rest >>= 7
        }
        return bytes
    }

    /// Reads what stands before a stream.
    /// - Returns: kind, size, and how many bytes that took; nil for an object that is stored as a difference from another, and
    ///   for what no pack has.
    static func readHeader(_ bytes: [UInt8]) -> (kind: ObjectKind, size: Int, count: Int)? {
        guard let first = bytes.first, let kind = ObjectKind(packNumber: first >> 4 & 7) else { return nil }
        var size = Int(first & 15)
        var count = 1
        while bytes[count - 1] & 0x80 != 0 {
            // Six bytes hold 39 bits: more than any object that is read.
            guard count < 6, count < bytes.count else { return nil }
            size |= Int(bytes[count] & 0x7f) << (4 + 7 * (count - 1))
            count += 1
        }
        return (kind, size, count)
    }
}

extension ObjectKind {
    private static let packOrder: [ObjectKind] = [.commit, .tree, .blob, .tag]

    fileprivate var packNumber: UInt8 { UInt8((Self.packOrder.firstIndex(of: self) ?? 0) + 1) }

    fileprivate init?(packNumber: UInt8) {
        guard (1...4).contains(packNumber) else { return nil }
        self = Self.packOrder[Int(packNumber) - 1]
    }
}
