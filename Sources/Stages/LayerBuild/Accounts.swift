import BakeModel

/// The users and groups of a root: the texts of passwd(5), group(5), shadow(5) and gshadow(5).
struct Accounts: Hashable {
    /// The files by path; one that the root does not have is absent.
    private(set) var texts: [TreePath: String]

    static let passwd = path("etc/passwd")
    static let group = path("etc/group")
    static let shadow = path("etc/shadow")
    static let gshadow = path("etc/gshadow")
    /// All files that this is about.
    static let files = [passwd, group, shadow, gshadow]

    /// The first number that a user gets who did not ask for one: what useradd(8) gives to people.
    private static let firstFree: UInt32 = 1000

    init(texts: [TreePath: String]) { self.texts = texts }

    /// The numbers of an owner.
    func owner(_ name: OwnerName) throws(AccountFault) -> Owner {
        if let numbers = name.numbers { return numbers }
        let line = fields(of: Self.passwd, atLeast: 4).first { $0[0] == name.user }
        guard let user = line.flatMap({ UInt32($0[2]) }) ?? UInt32(name.user) else { throw .noUser(name.user) }
        guard let group = name.group ?? line.map({ $0[3] }) else { throw .noUser(name.user) }
        guard let number = number(ofGroup: group) else { throw .noGroup(group) }
        return Owner(user: user, group: number)
    }

    /// Adds a user with its group.
    mutating func add(_ rule: UserRule) throws(AccountFault) {
        guard !names(in: Self.passwd).contains(rule.name) else { throw .exists(rule.name) }
        let user = try number(rule.user, in: Self.passwd, for: rule.name)
        let group: UInt32
        if let own = number(ofGroup: rule.name), rule.group == nil || rule.group == own {
            group = own
        } else {
            group = try number(rule.group ?? user, in: Self.group, for: rule.name)
            append("\(rule.name):x:\(group):", to: Self.group)
            if texts[Self.gshadow] != nil { append("\(rule.name):!::", to: Self.gshadow) }
        }
        let home = rule.home.map { "/\($0)" } ?? "/nonexistent"
        append("\(rule.name):x:\(user):\(group)::\(home):\(rule.shell)", to: Self.passwd)
        // The day of the last change would be the day of the bake.
        if texts[Self.shadow] != nil { append("\(rule.name):!:\(Self.lastChange):0:99999:7:::", to: Self.shadow) }
        for name in rule.groups { try join(rule.name, to: name) }
    }

    /// The number of a user that was added.
    func number(of rule: UserRule) throws(AccountFault) -> Owner {
        try owner(OwnerName(user: rule.name, group: nil))
    }

    private static let lastChange = Timestamp.insideImages / 86400

    private mutating func join(_ user: String, to group: String) throws(AccountFault) {
        guard names(in: Self.group).contains(group) else { throw .noGroup(group) }
        for file in [Self.group, Self.gshadow] {
            texts[file] = texts[file].map { text in
                let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
                    guard line.hasPrefix("\(group):") else { return String(line) }
                    return line.hasSuffix(":") ? "\(line)\(user)" : "\(line),\(user)"
                }
                return lines.joined(separator: "\n")
            }
        }
    }

    private func number(_ asked: UInt32?, in file: TreePath, for name: String) throws(AccountFault) -> UInt32 {
        let taken = fields(of: file, atLeast: 3).reduce(into: [UInt32: String]()) { taken, fields in
            if let number = UInt32(fields[2]) { taken[number] = fields[0] }
        }
        if let asked {
            if let other = taken[asked] { throw .taken(asked, by: other, for: name) }
            return asked
        }
        var free = Self.firstFree
        while taken[free] != nil { free += 1 }
        return free
    }

    private func number(ofGroup name: String) -> UInt32? {
        fields(of: Self.group, atLeast: 3).first { $0[0] == name }.flatMap { UInt32($0[2]) } ?? UInt32(name)
    }

    private func names(in file: TreePath) -> Set<String> { Set(fields(of: file, atLeast: 1).map { $0[0] }) }

    private func fields(of file: TreePath, atLeast count: Int) -> [[String]] {
        (texts[file] ?? "").split(separator: "\n")
            .map { $0.split(separator: ":", omittingEmptySubsequences: false).map(String.init) }
            .filter { $0.count >= count }
    }

    private mutating func append(_ line: String, to file: TreePath) {
        let text = texts[file] ?? ""
        let gap = text.isEmpty || text.hasSuffix("\n") ? "" : "\n"
        texts[file] = "\(text)\(gap)\(line)\n"
    }

    private static func path(_ text: String) -> TreePath { (try? TreePath(cleaning: text)) ?? .root }
}

/// A user or group that a root does not take or does not have.
enum AccountFault: ExplainedError, Hashable {
    /// The root has a user of that name.
    case exists(String)
    /// The number belongs to somebody else.
    case taken(UInt32, by: String, for: String)
    /// No such user.
    case noUser(String)
    /// No such group.
    case noGroup(String)

    var doing: String {
        switch self {
        case .exists, .taken: "make the user"
        case .noUser: "find the user"
        case .noGroup: "find the group"
        }
    }

    var subject: String {
        switch self {
        case .exists(let name), .taken(_, _, let name), .noUser(let name), .noGroup(let name): name
        }
    }

    var reason: String {
        switch self {
        case .exists: "the root has one of that name"
        case .taken(let number, let other, _): "the number \(number) is \(other)'s in the root"
        case .noUser: "/etc/passwd of the root has no such name"
        case .noGroup: "/etc/group of the root has no such name"
        }
    }

    var hint: String? {
        switch self {
        case .exists, .taken: nil
        case .noUser: "make it with 'users:', or write numbers, as in owner: \"33:33\""
        case .noGroup: "write its number"
        }
    }
}
