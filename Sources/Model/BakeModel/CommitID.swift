/// The name of a git object: 40 (SHA-1) lower-case hexadecimal digits.
public struct ObjectID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The digits.
    public let hex: String

    /// Reads the digits; nil for every other spelling.
    public init?(_ hex: some StringProtocol) {
        guard Hexadecimal.isLowerCase(hex.utf8, count: 40) else { return nil }
        self.hex = String(hex)
    }

    /// Makes the name from the 20 bytes that git stores in trees; nil for another length.
    public init?(raw: some Collection<UInt8>) {
        guard raw.count == 20 else { return nil }
        hex = Hexadecimal.text(of: raw)
    }

    /// The 20 bytes that git stores.
    public var raw: [UInt8] { Hexadecimal.bytes(of: hex) }

    public var description: String { hex }

    public static func < (left: ObjectID, right: ObjectID) -> Bool { left.hex < right.hex }
}

/// The name of a git commit.
public struct CommitID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The object's name.
    public let object: ObjectID

    /// Names the commit that this object is.
    public init(_ object: ObjectID) { self.object = object }

    /// Reads 40 lower-case hexadecimal digits; nil for every other spelling.
    public init?(_ hex: some StringProtocol) {
        guard let object = ObjectID(hex) else { return nil }
        self.object = object
    }

    /// The 40 digits.
    public var hex: String { object.hex }

    /// The seven digits shown to people.
    public var short: String { String(hex.prefix(7)) }

    public var description: String { hex }

    public static func < (left: CommitID, right: CommitID) -> Bool { left.object < right.object }
}
