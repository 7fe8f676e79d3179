import BakeModel
import Glibc
import LinuxSystem

/// Which users and groups of this machine stand behind the numbers 0 to 65535 of a user namespace.
///
/// For root each number stands for itself. For others 0 is their own number, and 1 to 65535 are their subordinate ids
/// (subuid(5), subgid(5)).
public struct IdentityMaps: Hashable, Sendable {
    /// How many numbers a namespace of bake has: what images use, from root to nobody and nogroup.
    public static let count: UInt32 = 65_536

    /// A run of numbers inside and the numbers outside that stand behind them.
    public struct Extent: Hashable, Sendable {
        /// The first number inside.
        public let inside: UInt32
        /// The first number outside.
        public let outside: UInt32
        /// How many.
        public let count: UInt32

        var words: [String] { ["\(inside)", "\(outside)", "\(count)"] }
    }

    /// The runs of user numbers.
    public let users: [Extent]
    /// The runs of group numbers.
    public let groups: [Extent]

    /// Each number stands for itself.
    public static let identity = IdentityMaps(
        users: [Extent(inside: 0, outside: 0, count: count)], groups: [Extent(inside: 0, outside: 0, count: count)])

    private init(users: [Extent], groups: [Extent]) {
        self.users = users
        self.groups = groups
    }

    /// The maps of a user other than root.
    /// - Parameters:
    ///   - name: the login name, as the files of subordinate ids spell it.
    ///   - subordinateUsers: the text of /etc/subuid.
    ///   - subordinateGroups: the text of /etc/subgid.
    /// - Throws: `NamespaceError.noSubordinateIDs` where no line gives this user 65,535 numbers.
    public init(
        user: UInt32, group: UInt32, name: String, subordinateUsers: String, subordinateGroups: String
    ) throws(NamespaceError) {
        guard let firstUser = Self.firstRange(of: user, named: name, in: subordinateUsers),
            let firstGroup = Self.firstRange(of: user, named: name, in: subordinateGroups)
        else { throw .noSubordinateIDs(user: name) }
        users = [
            Extent(inside: 0, outside: user, count: 1),
            Extent(inside: 1, outside: firstUser, count: Self.count - 1),
        ]
        groups = [
            Extent(inside: 0, outside: group, count: 1),
            Extent(inside: 1, outside: firstGroup, count: Self.count - 1),
        ]
    }

    /// The maps for the user that this process runs as.
    public static func forThisProcess() throws -> IdentityMaps {
        let user = geteuid()
        if user == 0 { return identity }
        let read = { (path: String) -> String in
            String(decoding: (try? DurableFile.read(path, limit: 1 << 20)) ?? [], as: UTF8.self)
        }
        return try IdentityMaps(
            user: user, group: getegid(), name: UserAccount(number: user)?.name ?? "\(user)",
            subordinateUsers: read("/etc/subuid"),
            subordinateGroups: read("/etc/subgid"))
    }

    /// Lines are `NAME-OR-NUMBER:FIRST:COUNT`.
    private static func firstRange(of user: UInt32, named name: String, in text: String) -> UInt32? {
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count == 3, fields[0] == name || fields[0] == "\(user)", let first = UInt32(fields[1]),
                let available = UInt32(fields[2]), available >= count - 1, first <= UInt32.max - count
            else { continue }
            return first
        }
        return nil
    }
}

extension IdentityMaps {
    /// Gives the maps to a process in a new user namespace.
    ///
    /// Root writes them itself; for others the set-user-id tools of package uidmap do, which check /etc/subuid.
    func apply(to process: pid_t) throws {
        if self == .identity {
            try write(users, to: "/proc/\(process)/uid_map")
            try write(groups, to: "/proc/\(process)/gid_map")
        } else {
            try run("/usr/bin/newuidmap", process, users)
            try run("/usr/bin/newgidmap", process, groups)
        }
    }

    private func write(_ extents: [Extent], to path: String) throws {
        let text = extents.map { $0.words.joined(separator: " ") + "\n" }.joined()
        do { try Descriptor.open(path, O_WRONLY).write(text.utf8) } catch { throw NamespaceError.mapRefused(error) }
    }

    private func run(_ tool: String, _ process: pid_t, _ extents: [Extent]) throws {
        let done: CompletedProcess
        do throws(SystemError) {
            done = try CompletedProcess.run(
                tool, ["\(process)"] + extents.flatMap(\.words), environment: HelperProgram.environment, deadline: 30)
        } catch {
            throw error.number == ENOENT ? NamespaceError.noMapTools(tool) : error
        }
        guard done.ending.succeeded else { throw NamespaceError.mapToolFailed(tool, done.lastErrors) }
    }
}
