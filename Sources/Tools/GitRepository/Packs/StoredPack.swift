import BakeModel
import Glibc
import LinuxSystem

/// A pack whose objects are taken as they are stored, without being deflated anew.
final class StoredPack {
    /// What it has.
    let index: PackIndex
    /// Its path without `.pack`.
    let path: String
    private let file: Descriptor
    private static let largestIndex = 256 << 20
    /// Larger objects are read by libgit2.
    private static let largestObject = 64 << 20
    private static let longestHeader = 8

    /// Opens a pack by its path without `.pack`; nil where it is none that can be read.
    private init?(_ path: String) {
        guard let bytes = try? DurableFile.read("\(path).idx", limit: Self.largestIndex),
            let index = PackIndex(bytes), let file = try? Descriptor.open("\(path).pack", O_RDONLY | O_NOFOLLOW)
        else { return nil }
        (self.index, self.path, self.file) = (index, path, file)
    }

    /// Every readable pack of a directory of objects.
    static func all(in objects: String) -> [StoredPack] {
        DirectoryListing.namesIfThere(in: "\(objects)/pack").filter { $0.hasPrefix("pack-") && $0.hasSuffix(".idx") }
            .compactMap { StoredPack("\(objects)/pack/\($0.dropLast(4))") }
    }

    /// An object as a pack stores it.
    struct Entry {
        /// What the pack says that it is.
        let kind: ObjectKind
        /// Its bytes. Nothing proves that they are those of its name.
        let bytes: [UInt8]
        /// The same as a zlib stream.
        let deflated: ArraySlice<UInt8>
    }

    /// Looks an object up and inflates it.
    /// - Parameter limit: bytes of a larger one are not read.
    /// - Returns: nil where the pack does not have it, or not as itself: as a difference from another, too large, or damaged.
    func entry(_ id: ObjectID, limit: Int = .max, _ deflater: ObjectDeflater) -> Entry? {
        guard let (kind, size, start) = header(of: id), size <= min(limit, Self.largestObject) else { return nil }
        let stream = read(start, deflater.bound(size))[...]
        guard let (bytes, length) = deflater.inflate(stream, size: size) else { return nil }
        return Entry(kind: kind, bytes: bytes, deflated: stream.prefix(length))
    }

    /// How many bytes an object has, as the pack says; nil where the pack does not have it, or as a difference from another.
    func size(of id: ObjectID) -> Int? { header(of: id)?.size }

    private func header(of id: ObjectID) -> (kind: ObjectKind, size: Int, start: Int)? {
        guard let offset = index.offset(of: id).flatMap(Int.init(exactly:)),
            let (kind, size, skipped) = PackedObject.readHeader(read(offset, Self.longestHeader))
        else { return nil }
        return (kind, size, offset + skipped)
    }

    /// An object, proved by its name; nil where `entry` finds none, or another.
    func object(_ id: ObjectID, _ deflater: ObjectDeflater) -> PackedObject? {
        guard let entry = entry(id, deflater) else { return nil }
        var hasher = ObjectHasher(kind: entry.kind, size: entry.bytes.count)
        entry.bytes.withUnsafeBytes { hasher.update($0) }
        guard hasher.finish() == id else { return nil }
        return PackedObject(id: id, kind: entry.kind, size: entry.bytes.count, deflated: entry.deflated)
    }

    /// So many bytes of the file, or all there are.
    private func read(_ offset: Int, _ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let more = pread(
                    file.number, buffer.baseAddress.map { $0 + filled }, count - filled, off_t(offset + filled))
                guard more > 0 || errno == EINTR && more < 0 else { return }
                filled += max(more, 0)
            }
        }
    }

    /// Takes the pack away. What is still open stays readable.
    func remove() {
        // The index first: without it nobody looks for the others, which git may have added to.
        for suffix in ["idx", "pack", "rev", "bitmap"] { unlink("\(path).\(suffix)") }
    }
}
