import BakeModel
import CLinux
import Glibc
import LinuxSystem

/// The numbers behind a user's name, as a root's own files have them.
public struct SandboxUser: Hashable, Sendable {
    /// The user's number.
    public let user: UInt32
    /// The group's number.
    public let group: UInt32
    /// The other groups' numbers, in the order of /etc/group.
    public let otherGroups: [UInt32]
    /// The home directory.
    public let home: String

    /// Root, with root's home.
    public static let root = SandboxUser(user: 0, group: 0, otherGroups: [], home: "/root")

    init(user: UInt32, group: UInt32, otherGroups: [UInt32], home: String) {
        self.user = user
        self.group = group
        self.otherGroups = otherGroups
        self.home = home
    }

    /// Resolves `USER[:GROUP]`.
    ///
    /// As in Docker: a number needs no line in /etc/passwd (its group is 0 then), a name does; the other groups are
    /// those that list the user, but none where a group is given.
    /// - Parameters:
    ///   - passwd: the text of /etc/passwd.
    ///   - group: the text of /etc/group.
    public init(_ text: String, passwd: String, group: String) throws(SandboxUserError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let users = Self.lines(of: passwd, fields: 7)
        let groups = Self.lines(of: group, fields: 4)
        let wanted = String(parts[0])
        let line = users.first { $0[0] == wanted } ?? users.first { $0[2] == wanted }
        guard let user = line.flatMap({ UInt32($0[2]) }) ?? UInt32(wanted), user < IdentityMaps.count else {
            throw SandboxUserError(user: text, file: "/etc/passwd")
        }
        home = line.map { $0[5] }.flatMap { $0.isEmpty ? nil : $0 } ?? "/"
        self.user = user
        guard parts.count == 1 || parts[1].isEmpty else {
            let wantedGroup = String(parts[1])
            let found = groups.first { $0[0] == wantedGroup }.flatMap { UInt32($0[2]) } ?? UInt32(wantedGroup)
            guard let found, found < IdentityMaps.count else { throw SandboxUserError(user: text, file: "/etc/group") }
            self.group = found
            otherGroups = []
            return
        }
        self.group = line.flatMap { UInt32($0[3]) }.flatMap { $0 < IdentityMaps.count ? $0 : nil } ?? 0
        let name = line?[0]
        otherGroups = groups.filter { fields in fields[3].split(separator: ",").contains { $0 == name ?? "" } }
            .compactMap { UInt32($0[2]) }.filter { $0 < IdentityMaps.count }
    }

    /// Resolves `USER[:GROUP]` in a root; nil is root.
    public init(_ text: String?, in root: Descriptor) throws {
        guard let text, !text.isEmpty else {
            self = .root
            return
        }
        try self.init(text, passwd: Self.read("etc/passwd", in: root), group: Self.read("etc/group", in: root))
    }

    private static func read(_ path: String, in root: Descriptor) -> String {
        let number = clinux_open_in_root(root.number, path, O_RDONLY | O_NONBLOCK, 0)
        guard number >= 0 else { return "" }
        return String(decoding: (try? Descriptor(owning: number).readAll(limit: 8 << 20)) ?? [], as: UTF8.self)
    }

    private static func lines(of text: String, fields count: Int) -> [[String]] {
        text.split(separator: "\n").map { $0.split(separator: ":", omittingEmptySubsequences: false).map(String.init) }
            .filter { $0.count >= count }
    }
}

/// A user or group that a root does not know.
public struct SandboxUserError: ExplainedError, Hashable {
    let user: String
    let file: String

    public var doing: String { "run as" }
    public var subject: String { user }
    public var reason: String { "\(file) of the image has no such name, and it is no number below 65536" }
}
