import BakeModel
import BlobStorage
import Glibc
import LinuxSystem
import TarArchive

/// Unpacked layers by diff id, each a directory that serves as a lower of overlays. Only inside a user namespace of bake's.
///
/// A layer is unpacked once, verified in the same pass (digest and diff id), beside its place, and renamed. It counts
/// only for the boot in which it was unpacked: after a power cut files may be empty that were never synced, and
/// unpacking again costs less than syncing always.
public struct LayerCache: Sendable {
    private let store: BlobStore
    private let boot: [UInt8]
    /// Where the layers are. The users behind a namespace's numbers differ from user to user, so each has a directory.
    private let directory: String
    /// The attribute that tells in which boot a layer was unpacked.
    private static let bootMark = FileAttributes.ownPrefix + "boot"
    /// The attribute of layers whose archive has an entry for the root itself.
    private static let rootMark = FileAttributes.ownPrefix + "root"

    /// The cache of a store.
    public init(store: BlobStore) throws {
        self.store = store
        boot = try DurableFile.read("/proc/sys/kernel/random/boot_id", limit: 64)
        directory = "\(store.cache)/layers/\(try Self.userBehindRoot())"
        let all = DurableFile.parent(of: directory)
        try DurableFile.makeDirectories(all, mode: 0o700, sharing: .around(all))
        try DurableFile.makeDirectories(directory, mode: 0o700)
        // Others of the group may write beside it: what is run from here must be this user's own.
        let owner = try Descriptor.open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW).status().st_uid
        guard owner == geteuid() else { throw SystemError("trust", directory, number: EPERM) }
    }

    /// The machine's user who is user 0 here. user_namespaces(7): `INSIDE OUTSIDE COUNT`.
    static func userBehindRoot() throws -> String {
        let map = String(decoding: try DurableFile.read("/proc/self/uid_map", limit: 65_536), as: UTF8.self)
        let words = map.split(separator: "\n").map { $0.split(separator: " ") }
        return words.first { $0.first == "0" && $0.count == 3 }.map { String($0[1]) } ?? "0"
    }

    private func path(of layer: DiffID) -> String { "\(directory)/\(layer.digest.hex)" }
    private func lockPath(of layer: DiffID) -> String { "\(path(of: layer)).lock" }

    /// Unpacked layers that cannot be removed while this lives.
    public final class Hold: Sendable {
        /// Their directories, the lowest layer first.
        public let directories: [String]
        private let locks: [FileLock]

        /// Holds no layer at all.
        public convenience init() { self.init(directories: [], locks: []) }

        init(directories: [String], locks: [FileLock]) {
            self.directories = directories
            self.locks = locks
        }
    }

    /// Unpacks the layers that are not there yet, and holds all of them.
    public func hold(_ layers: [Layer]) throws -> Hold {
        while true {
            try unpack(layers)
            // Only now, with nothing locked exclusively any more: two processes that want each other's would wait for ever.
            let locks = try layers.map { try FileLock.shared(lockPath(of: $0.diffID)) }
            // Somebody may have emptied the cache in between.
            guard layers.allSatisfy({ isCurrent(path(of: $0.diffID)) }) else { continue }
            return Hold(directories: layers.map { path(of: $0.diffID) }, locks: locks)
        }
    }

    /// Unpacks the layers that are not there yet.
    public func unpack(_ layers: [Layer]) throws {
        for layer in layers {
            while !isCurrent(path(of: layer.diffID)) {
                guard let lock = try FileLock.exclusiveIfFree(lockPath(of: layer.diffID)) else {
                    // Somebody unpacks it, and then uses it for as long as a command runs: only the first is waited for.
                    _ = try FileLock.shared(lockPath(of: layer.diffID))
                    continue
                }
                defer { withExtendedLifetime(lock) {} }
                if !isCurrent(path(of: layer.diffID)) { try unpack(layer) }
            }
        }
    }

    private func unpack(_ layer: Layer) throws {
        let scratch = try ScratchDirectory(in: store.temporary)
        let place = try scratch.makeDirectory("layer")
        let hasRoot = try store.reading(layer) { file in
            let (summary, hasRoot) = try write(to: place) { try ArchiveReader.read(file, limits: $0, each: $1) }
            try summary.check(is: layer)
            return hasRoot
        }
        if hasRoot { try mark(place, Self.rootMark, Array("y".utf8)) }
        try adopt(place, as: layer.diffID)
    }

    /// Unpacks the tar of a layer while bake itself packs it, and takes the tree over where the cache has none.
    /// - Parameter name: gives the layer once it is in the store; only its end where it never is.
    func receive(_ tar: Descriptor, named name: Descriptor) throws {
        let scratch = try ScratchDirectory(in: store.temporary)
        let place = try scratch.makeDirectory("layer")
        let (size, hasRoot) = try write(to: place) { try ArchiveReader.read(piped: tar, limits: $0, each: $1) }
        guard let layer = try? Layer(JSON(parsing: name.readAll(limit: 4096))), layer.tarSize == size else {
            throw TaskMessageError(key: "layer")
        }
        try offer(place, as: layer.diffID, hasRoot: hasRoot)
    }

    /// Writes the tree of an archive.
    /// - Returns: also whether it has an entry for the root itself.
    private func write<Outcome>(
        to place: String,
        reading archive: (ArchiveLimits, (TreeEntry, ArchiveContent) throws -> Void) throws -> Outcome
    ) throws -> (Outcome, hasRoot: Bool) {
        let target = try Descriptor.open(place, O_RDONLY | O_DIRECTORY)
        let writer = TreeWriter(into: target, whiteouts: true)
        // Other tools' layers may bring nodes below /dev, where a sandbox has its own.
        var limits = ArchiveLimits()
        limits.devices = .skippedBelowDev
        let outcome = try archive(limits) { entry, content in
            try writer.write(entry) { try content.read(into: $0) }
        }
        try writer.finish()
        return (outcome, writer.sawRoot)
    }

    /// Takes over a finished directory. The caller has the exclusive lock.
    private func adopt(_ place: String, as layer: DiffID) throws {
        try mark(place, Self.bootMark, boot)
        try remove(layer)
        try SystemError.check("rename", place) { rename(place, path(of: layer)) }
    }

    /// Takes over a directory that is the very tree of a layer, where the cache has none.
    /// - Parameter hasRoot: whether the layer has an entry for the root itself.
    func offer(_ place: String, as layer: DiffID, hasRoot: Bool) throws {
        // It is only an offer: who holds the layer has it already, or makes it now.
        guard !isCurrent(path(of: layer)), let lock = try FileLock.exclusiveIfFree(lockPath(of: layer)) else { return }
        defer { withExtendedLifetime(lock) {} }
        if hasRoot { try mark(place, Self.rootMark, Array("y".utf8)) }
        try adopt(place, as: layer)
    }

    private func isCurrent(_ path: String) -> Bool {
        (try? FileAttributes.value(of: Self.bootMark, cString(path.utf8), .root)) == boot
    }

    private func mark(_ place: String, _ name: String, _ value: [UInt8]) throws(SystemError) {
        try FileAttributes.write(ExtendedAttribute(name: name, value: value), to: cString(place.utf8), of: .root)
    }

    /// Whether the layer in a directory of the cache says what the root itself is.
    static func describesRoot(_ directory: String) -> Bool {
        (try? FileAttributes.value(of: rootMark, cString(directory.utf8), .root)) != nil
    }

    private func remove(_ layer: DiffID) throws {
        let parent = try Descriptor.open(directory, O_RDONLY | O_DIRECTORY)
        try TreeRemoval.remove(layer.digest.hex.utf8, in: parent)
    }

    /// Removes all layers that nobody holds.
    public func removeAll() throws {
        let parent = try Descriptor.open(directory, O_RDONLY | O_DIRECTORY)
        for name in try parent.sortedNames() {
            guard let digest = Digest(hex: String(decoding: name, as: UTF8.self)) else { continue }
            guard let lock = try FileLock.exclusiveIfFree(lockPath(of: DiffID(digest))) else { continue }
            defer { withExtendedLifetime(lock) {} }
            try remove(DiffID(digest))
        }
    }
}
