import BakeModel
import Glibc
import LinuxSystem

/// Finds out whether a store can be at a place, or how the one there stands, without changing anything.
public struct StoreProbe: Sendable {
    private let path: String
    /// The directory itself, or the nearest one above it that exists.
    public let place: String

    /// Names the store's directory, an absolute path.
    public init(path: String) {
        self.path = path
        var place = path
        while access(place, F_OK) != 0, let slash = place.lastIndex(of: "/"), place != "/" {
            place = slash == place.startIndex ? "/" : String(place[..<slash])
        }
        self.place = place
    }

    /// Where files for a moment may lie, on the file system of the store.
    public var temporary: String { isThere ? "\(path)/tmp" : place }

    /// Whether this user may make files there.
    public var isWritable: Bool { access(place, W_OK | X_OK) == 0 }

    /// Every check.
    public func checks() -> [MachineCheck] { [store, fileSystem, space] }

    /// Whether a store is there.
    public var isThere: Bool { access("\(path)/\(StoreFormat.markFile)", F_OK) == 0 }

    private var store: MachineCheck {
        let elsewhere = "choose another directory: --store DIR, or BAKE_STORE"
        guard isThere else {
            return isWritable
                ? MachineCheck("store", .ok, "\(path), not made yet")
                : MachineCheck("store", .missing, "\(path) cannot be made: \(place) is not writable", remedy: elsewhere)
        }
        do { try BlobStore.open(path).confirmWritable() } catch { return MachineCheck("store", failed: error) }
        return MachineCheck("store", .ok, path)
    }

    private var fileSystem: MachineCheck {
        guard let type = (try? MountedFileSystem.holding(place))??.type else {
            return MachineCheck("file system", .weak, "of \(place): unknown")
        }
        guard !MountedFileSystem.isShared(type) else {
            return MachineCheck(
                "file system", .missing, "\(type): other machines share it, and locks do not reach them",
                remedy: "choose a local one: --store DIR")
        }
        return MachineCheck("file system", .ok, type)
    }

    private static let least: UInt64 = 64 << 20
    private static let comfortable: UInt64 = 2 << 30
    private static let fewFiles: UInt64 = 50_000

    private var space: MachineCheck {
        let remedy = "free some space: bake gc --cache; df -h \(place)"
        var facts = statvfs()
        guard statvfs(place, &facts) == 0 else { return MachineCheck("space", failed: SystemError("examine", place)) }
        // File systems without an end, such as ramfs, say 0.
        guard facts.f_blocks > 0 else { return MachineCheck("space", .ok, "without a limit") }
        let free = UInt64(facts.f_bavail) * UInt64(facts.f_frsize)
        let words = "\(free >> 20) MiB free"
        if free < Self.least { return MachineCheck("space", .missing, words, remedy: remedy) }
        if free < Self.comfortable {
            return MachineCheck("space", .weak, "\(words); a Debian root takes up to 1 GiB", remedy: remedy)
        }
        // Some do not count files, and say 0.
        if facts.f_files > 0, facts.f_favail < Self.fewFiles {
            return MachineCheck("space", .weak, "\(words), but only \(facts.f_favail) files more", remedy: remedy)
        }
        return MachineCheck("space", .ok, words)
    }
}
