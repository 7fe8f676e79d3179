import Glibc
import LinuxSystem

/// Gives whole trees to a user. Only inside a user namespace of bake's.
enum TreeOwnership {
    /// Gives away a directory and all that is in it, links themselves and not what they lead to.
    static func give(_ directory: Descriptor, to user: SandboxUser, depth: Int = 0) throws {
        guard depth <= TreeWalk.depthLimit else { throw TreeError.tooDeep(.root) }
        try SystemError.check("give away", directory.describedPath) { fchown(directory.number, user.user, user.group) }
        for name in try directory.sortedNames() {
            guard let status = try directory.entry(name) else { continue }
            if status.format == S_IFDIR {
                try give(try directory.subdirectory(name), to: user, depth: depth + 1)
            } else {
                let raw = cString(name)
                try SystemError.check("give away", String(decoding: name, as: UTF8.self)) {
                    fchownat(directory.number, raw, user.user, user.group, AT_SYMLINK_NOFOLLOW)
                }
            }
        }
    }
}
