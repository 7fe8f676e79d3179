import BakeModel
import CLinux
import Glibc
import LinuxSystem

/// A root made of layers: mounted in this process's mount namespace, gone with it. Only inside a user namespace of
/// bake's.
public final class OverlayRoot: Sendable {
    /// What the root is for.
    public enum Purpose: Sendable {
        /// A sandbox runs in it: changes go to an upper directory, and the places for its mounts are there.
        case sandbox
        /// bake itself changes it: changes go to an upper directory, and nothing is there but the layers.
        case editing
        /// It is looked at only, as it is.
        case reading
    }

    /// Where it is mounted.
    public let path: String
    /// The directory that takes the changes, in the overlay's own notation; nil where it is only read.
    public let upper: String?
    /// The mode and the owner of the root itself, before any change.
    let rootStatus: stat
    let scratch: ScratchDirectory
    private let layers: LayerCache.Hold

    /// Options that make the upper directory say plainly what changed, as every user may mount it.
    ///
    /// `redirect_dir=off` would mean "follow" on kernels built so, which `userxattr` refuses; `nofollow` means off everywhere.
    private static let options = "userxattr,index=off,redirect_dir=nofollow,metacopy=off,xino=off"

    /// What commands force to the disk, dpkg each file, is packed or thrown away before the machine can lose it: nobody waits for
    /// the disk, and the end of the mount does not write what others have yet to write. Source: the kernel's overlayfs.rst,
    /// "Volatile mount".
    private static let unsynchronized = "volatile"

    /// Where the mounts of a sandbox go. In the lowest layer of all, so that none of them appears in the upper directory.
    private static let mountPoints = ["dev", "etc", "proc", "run", "sys", "tmp", "work"]
    private static let mountedFiles = ["etc/hosts", "etc/hostname", "etc/resolv.conf"]

    /// Mounts layers over each other.
    /// - Parameters:
    ///   - layers: unpacked, the lowest first; may be none.
    ///   - temporary: the directory for what it needs besides, on the file system of the layers.
    ///   - changes: directories over the layers that are only read, in the overlay's own notation, the lowest first.
    public init(
        _ layers: LayerCache.Hold, for purpose: Purpose, temporary: String, over changes: [String] = []
    ) throws {
        self.layers = layers
        scratch = try ScratchDirectory(in: temporary)
        path = try scratch.makeDirectory("root")
        rootStatus =
            try changes.first.map { try Descriptor.open($0, O_RDONLY | O_DIRECTORY).status() }
            ?? Self.rootStatus(of: layers.directories)
        var lowers = layers.directories + changes
        if purpose == .sandbox { lowers.insert(try Self.makeMountPoints(in: scratch), at: 0) }
        let top = try scratch.makeDirectory("top")
        upper = purpose == .reading ? nil : top
        let (user, group, mode) = (rootStatus.st_uid, rootStatus.st_gid, rootStatus.st_mode & 0o7777)
        try SystemError.check("set the owner of", top) { chown(top, user, group) }
        try SystemError.check("set the mode of", top) { chmod(top, mode) }
        try mount(lowers, top: top)
    }

    deinit { _ = clinux_unmount(path) }

    /// Opens the root itself.
    public func open() throws(SystemError) -> Descriptor { try Descriptor.open(path, O_RDONLY | O_DIRECTORY) }

    /// The highest layer that has an entry for the root decides what it is; without one it is root's, 0755.
    private static func rootStatus(of directories: [String]) throws(SystemError) -> stat {
        for directory in directories.reversed() where LayerCache.describesRoot(directory) {
            return try Descriptor.open(directory, O_RDONLY | O_DIRECTORY).status()
        }
        var status = stat()
        status.st_mode = S_IFDIR | 0o755
        return status
    }

    private static func makeMountPoints(in scratch: ScratchDirectory) throws(SystemError) -> String {
        let places = try scratch.makeDirectory("places")
        for name in mountPoints { try scratch.makeDirectory("places/\(name)") }
        for name in mountedFiles { try scratch.makeFile("places/\(name)", "") }
        return places
    }

    /// The options of mount(2) have one page, so each directory is named through a short link in an open directory;
    /// such names hold no `:` or `,` either.
    private func mount(_ lowers: [String], top: String) throws {
        let links = try Descriptor.open(try scratch.makeDirectory("links"), O_RDONLY | O_DIRECTORY)
        let place = "/proc/self/fd/\(links.number)"
        func link(_ target: String, _ name: String) throws(SystemError) -> String {
            try SystemError.check("make the link", "\(links.describedPath)/\(name)") {
                symlinkat(target, links.number, name)
            }
            return "\(place)/\(name)"
        }
        var names: [String] = []
        for (index, lower) in lowers.enumerated() { names.append(try link(lower, "\(index)")) }
        let topName = try link(top, "top")
        var options = Self.options
        if upper == nil {
            names.append(topName)
        } else {
            options +=
                ",\(Self.unsynchronized),upperdir=\(topName)"
                + ",workdir=\(try link(try scratch.makeDirectory("upper-work"), "work"))"
        }
        // An overlay needs a lower, and two where it has no upper.
        if names.count < (upper == nil ? 2 : 1) {
            names.append(try link(try scratch.makeDirectory("nothing"), "nothing"))
        }
        options += ",lowerdir=" + names.reversed().joined(separator: ":")
        guard options.utf8.count < 4096 else { throw OverlayError.tooManyLayers(lowers.count) }
        guard clinux_mount("overlay", path, "overlay", options) == 0 else {
            throw OverlayError.mountRefused(number: errno, path: scratch.path)
        }
    }
}

/// Why layers could not be mounted over each other.
public enum OverlayError: ExplainedError, Hashable {
    /// More layers than fit one mount.
    case tooManyLayers(Int)
    /// The kernel refused.
    case mountRefused(number: Int32, path: String)

    public var doing: String { "mount" }
    public var subject: String { "the layers" }

    public var reason: String {
        switch self {
        case .tooManyLayers(let count): "\(count) are too many for one mount"
        case .mountRefused(let number, let path): "overlay below \(path): \(String(cString: strerror(number)))"
        }
    }

    public var hint: String? {
        switch self {
        case .tooManyLayers: nil
        case .mountRefused(EINVAL, _):
            "the store's file system must take an overlay with user attributes: ext4, xfs, btrfs or tmpfs on Linux 5.11 or newer, and no overlay itself; 'dmesg' may say more"
        case .mountRefused: "'dmesg' may say more"
        }
    }
}
