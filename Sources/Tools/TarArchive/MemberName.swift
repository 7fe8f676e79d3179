import BakeModel

/// Names what a member holds without hashing bytes that have names of their own: equal names, equal bytes.
///
/// Such a name is a digest of the bytes that have none, and of the names of the others with the part of them that is meant. It is
/// never the digest of a member's bytes: what is hashed last are 33 bytes that end with a one, and only the end of a tar, which is
/// zeros, is as short.
struct MemberName {
    private struct Named {
        let bytes: Range<UInt64>
        let name: [UInt8]
    }

    /// In the order of the tar. Those that were passed are not in it any more.
    private var waiting: [Named] = []

    /// Says what bytes are called that come next.
    mutating func add(_ name: [UInt8], of bytes: Range<UInt64>) { waiting.append(Named(bytes: bytes, name: name)) }

    /// The name of the member that begins there in the tar; nil where nothing in it has a name. To be asked for each, in order.
    mutating func name(of member: [UInt8], at start: UInt64) -> Digest? {
        let end = start + UInt64(member.count)
        let inside = waiting.prefix { $0.bytes.lowerBound < end }
        guard !inside.isEmpty else { return nil }
        var hasher = DigestHasher()
        var place = start
        for named in inside {
            let part = named.bytes.clamped(to: start..<end)
            Self.add(member[Int(place - start)..<Int(part.lowerBound - start)], to: &hasher)
            let range = [part.lowerBound - named.bytes.lowerBound, UInt64(part.count)]
            hasher.update([1, UInt8(truncatingIfNeeded: named.name.count)] + named.name + Self.bytes(range))
            place = part.upperBound
        }
        Self.add(member[Int(place - start)...], to: &hasher)
        waiting.removeFirst(inside.prefix { $0.bytes.upperBound <= end }.count)
        return Digest.of(hasher.finish().bytes + [1])
    }

    private static func add(_ bytes: ArraySlice<UInt8>, to hasher: inout DigestHasher) {
        hasher.update([0] + Self.bytes([UInt64(bytes.count)]))
        hasher.update(bytes)
    }

    private static func bytes(_ numbers: [UInt64]) -> [UInt8] {
        numbers.flatMap { number in withUnsafeBytes(of: number.bigEndian) { Array($0) } }
    }
}

/// A piece of tar that becomes a member.
struct PlainMember: Sendable {
    /// The tar.
    let bytes: [UInt8]
    /// What names it; nil where only the digest of the bytes does.
    let name: Digest?
}
