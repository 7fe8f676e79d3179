/// The users and groups of an image: its /etc/passwd and /etc/group, first entry first. passwd(5), group(5).
struct AccountDatabase {
    /// A line of /etc/passwd.
    struct User {
        let name: [UInt8]
        let number: UInt32
        let group: UInt32
        let home: [UInt8]
        let shell: [UInt8]
    }

    /// A line of /etc/group.
    struct Group {
        let name: [UInt8]
        let number: UInt32
        let members: [[UInt8]]
    }

    private let users: [User]
    private let groups: [Group]

    /// Reads both files; one that is missing has no entries, and lines that are malformed are none.
    init(_ root: any ImageRoot) throws {
        users = Self.lines(try root.contentsIfPresent(of: "/etc/passwd"), fields: 7).compactMap(Self.user)
        groups = Self.lines(try root.contentsIfPresent(of: "/etc/group"), fields: 4).compactMap(Self.group)
    }

    func user(named name: String) -> User? { users.first { $0.name.elementsEqual(name.utf8) } }
    func group(named name: String) -> Group? { groups.first { $0.name.elementsEqual(name.utf8) } }
    func userName(_ number: UInt32) -> [UInt8]? { users.first { $0.number == number }?.name }
    func groupName(_ number: UInt32) -> [UInt8]? { groups.first { $0.number == number }?.name }

    /// The names of the user's own group and of those that list the user, sorted.
    func groupNames(of user: User) -> [[UInt8]] {
        groups.filter { $0.number == user.group || $0.members.contains(user.name) }.map(\.name)
            .sorted { $0.lexicographicallyPrecedes($1) }
    }

    private static func lines(_ bytes: [UInt8]?, fields: Int) -> [[[UInt8]]] {
        (bytes ?? []).split(separator: UInt8(ascii: "\n"))
            .map { $0.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map(Array.init) }
            .filter { $0.count == fields }
    }

    private static func user(_ fields: [[UInt8]]) -> User? {
        guard let number = Self.number(fields[2]), let group = Self.number(fields[3]) else { return nil }
        return User(name: fields[0], number: number, group: group, home: fields[5], shell: fields[6])
    }

    private static func group(_ fields: [[UInt8]]) -> Group? {
        guard let number = Self.number(fields[2]) else { return nil }
        let members = fields[3].split(separator: UInt8(ascii: ",")).map(Array.init)
        return Group(name: fields[0], number: number, members: members)
    }

    private static func number(_ digits: [UInt8]) -> UInt32? { UInt32(String(decoding: digits, as: UTF8.self)) }
}
