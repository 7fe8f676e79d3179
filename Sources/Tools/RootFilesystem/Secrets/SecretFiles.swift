import CLinux
import Glibc
import LinuxSystem

/// Secrets as files of a file system in memory, mounted in this process's mount namespace and gone with it. Only inside a
/// user namespace of bake's.
final class SecretFiles {
    /// Where it is mounted.
    let path: String
    // Its directory cannot be removed before it is unmounted.
    private let scratch: ScratchDirectory

    /// Where a sandbox has them.
    static let place = "/run/secrets"

    /// Makes the files, which only this user can read.
    init(_ secrets: [SandboxSecret], for user: SandboxUser, in scratch: ScratchDirectory) throws(SystemError) {
        self.scratch = scratch
        path = try scratch.makeDirectory("secrets")
        try SystemError.check("mount", path) { clinux_mount("tmpfs", path, "tmpfs", "mode=755,size=64m") }
        for secret in secrets { try Self.make(secret, at: "\(path)/\(secret.name)", for: user) }
    }

    deinit { _ = clinux_unmount(path) }

    private static func make(_ secret: SandboxSecret, at path: String, for user: SandboxUser) throws(SystemError) {
        let file = try Descriptor.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o400)
        try file.write(secret.bytes)
        try SystemError.check("give away", path) { fchown(file.number, user.user, user.group) }
    }
}
