import Glibc

/// A user of this machine.
public struct UserAccount: Hashable, Sendable {
    /// What the user database calls them.
    public let name: String
    /// Their number.
    public let number: uid_t

    /// Finds a user by name; nil where the machine knows none.
    public init?(named name: String) {
        guard let found = Self.find({ getpwnam_r(name, $0, $1, $2, $3) }) else { return nil }
        self = found
    }

    /// Finds a user by number; nil where the machine knows none.
    public init?(number: uid_t) {
        guard let found = Self.find({ getpwuid_r(number, $0, $1, $2, $3) }) else { return nil }
        self = found
    }

    private init(name: String, number: uid_t) {
        self.name = name
        self.number = number
    }

    private typealias Lookup = (
        UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>, Int,
        UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
    ) -> Int32

    private static func find(_ lookup: Lookup) -> UserAccount? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        guard lookup(&entry, &buffer, buffer.count, &found) == 0, found != nil, let name = entry.pw_name else {
            return nil
        }
        return UserAccount(name: String(cString: name), number: entry.pw_uid)
    }
}
