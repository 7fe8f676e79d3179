/// A user that a stage makes: a line of passwd(5), and its own group.
public struct UserRule: Hashable, Sendable {
    /// The user's name, and the name of its group.
    public let name: String
    /// The user's number; nil takes the first that is free from 1000 on.
    public let user: UInt32?
    /// The number of its group; nil takes the user's.
    public let group: UInt32?
    /// Further groups, which must be in the root.
    public let groups: [String]
    /// The home directory, made where it is not there; nil is /nonexistent, which is not made.
    public let home: TreePath?
    /// The program that a login starts.
    public let shell: String

    /// What a user's shell is when nobody says: nobody logs in.
    public static let noLogin = "/usr/sbin/nologin"

    /// Describes a user.
    public init(
        name: String, user: UInt32? = nil, group: UInt32? = nil, groups: [String] = [], home: TreePath? = nil,
        shell: String = noLogin
    ) {
        self.name = name
        self.user = user
        self.group = group
        self.groups = groups
        self.home = home
        self.shell = shell
    }

    /// The grammar of names that every program takes: useradd(8), at most 32 of `a-z0-9_-`, not beginning with a digit
    /// or a hyphen.
    public static func acceptsName(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 32 else { return false }
        let isLetter: (UInt8) -> Bool = { (0x61...0x7a).contains($0) || $0 == 0x5f }
        return isLetter(first) && text.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || $0 == 0x2d }
    }
}
