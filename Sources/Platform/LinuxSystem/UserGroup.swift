import Glibc

/// A group of this machine's users.
public struct UserGroup: Hashable, Sendable {
    /// What the group file calls it; its number in digits where it has no name.
    public let name: String
    /// Its number.
    public let number: gid_t

    /// Finds a group by name or by number; nil where the machine knows none.
    public init?(named text: String) {
        guard let found = Self.find({ getgrnam_r(text, $0, $1, $2, $3) }) else {
            guard let number = gid_t(text), number != gid_t.max else { return nil }
            self.init(number: number)
            return
        }
        self = found
    }

    /// The group of a number, whether it has a name or not.
    public init(number: gid_t) {
        self = Self.find { getgrgid_r(number, $0, $1, $2, $3) } ?? UserGroup(name: String(number), number: number)
    }

    private init(name: String, number: gid_t) {
        self.name = name
        self.number = number
    }

    private typealias Lookup = (
        UnsafeMutablePointer<group>, UnsafeMutablePointer<CChar>, Int,
        UnsafeMutablePointer<UnsafeMutablePointer<group>?>
    ) -> Int32

    /// A group of many members needs a large buffer.
    private static func find(_ lookup: Lookup) -> UserGroup? {
        var entry = group()
        var found: UnsafeMutablePointer<group>?
        var buffer = [CChar](repeating: 0, count: 1 << 20)
        guard lookup(&entry, &buffer, buffer.count, &found) == 0, found != nil, let name = entry.gr_name else {
            return nil
        }
        return UserGroup(name: String(cString: name), number: entry.gr_gid)
    }
}
