/// The version of a Debian package, in dpkg's order. deb-version(7).
public struct DebianVersion: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The whole version, `1:3.0.14-1~deb12u2`.
    public let text: String
    private let epoch: Int
    private let upstream: [UInt8]
    private let revision: [UInt8]

    /// Takes a version; nil for one that is empty, has white space, or an epoch that is no small number.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty, bytes.allSatisfy({ (0x21...0x7e).contains($0) }) else { return nil }
        let colon = bytes.firstIndex(of: UInt8(ascii: ":"))
        guard let epoch = colon.map({ Int(String(decoding: bytes[..<$0], as: UTF8.self)) }) ?? 0, epoch >= 0 else {
            return nil
        }
        let rest = colon.map { bytes[($0 + 1)...] } ?? bytes[...]
        let dash = rest.lastIndex(of: UInt8(ascii: "-"))
        self.text = String(text)
        self.epoch = epoch
        upstream = Array(dash.map { rest[..<$0] } ?? rest)
        revision = dash.map { Array(rest[($0 + 1)...]) } ?? []
    }

    public var description: String { text }

    // Different spellings may be the same version: 1.0 and 1.0-0.
    public static func == (left: DebianVersion, right: DebianVersion) -> Bool { compare(left, right) == 0 }
    public static func < (left: DebianVersion, right: DebianVersion) -> Bool { compare(left, right) < 0 }
    public func hash(into hasher: inout Hasher) { hasher.combine(epoch) }

    private static func compare(_ left: DebianVersion, _ right: DebianVersion) -> Int {
        if left.epoch != right.epoch { return left.epoch < right.epoch ? -1 : 1 }
        let upstream = compare(left.upstream[...], right.upstream[...])
        return upstream != 0 ? upstream : compare(left.revision[...], right.revision[...])
    }

    /// Parts without digits and numbers in turn, as `verrevcmp` of dpkg does it.
    private static func compare(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Int {
        var (left, right) = (left, right)
        while !left.isEmpty || !right.isEmpty {
            while !isDigit(left.first) && !left.isEmpty || !isDigit(right.first) && !right.isEmpty {
                let (one, other) = (order(left.first), order(right.first))
                if one != other { return one < other ? -1 : 1 }
                left = left.dropFirst()
                right = right.dropFirst()
            }
            let (one, other) = (number(&left), number(&right))
            if one.count != other.count { return one.count < other.count ? -1 : 1 }
            if one != other { return one.lexicographicallyPrecedes(other) ? -1 : 1 }
        }
        return 0
    }

    /// The digits at the beginning, without leading zeros.
    private static func number(_ text: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let digits = text.prefix { isDigit($0) }
        text = text.dropFirst(digits.count)
        return digits.drop { $0 == UInt8(ascii: "0") }
    }

    /// `~` comes before the end, letters before everything else.
    private static func order(_ byte: UInt8?) -> Int {
        guard let byte, !isDigit(byte) else { return 0 }
        if byte == UInt8(ascii: "~") { return -1 }
        return UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 ? Int(byte) : Int(byte) + 256
    }

    private static func isDigit(_ byte: UInt8?) -> Bool { byte.map { (0x30...0x39).contains($0) } ?? false }
}
