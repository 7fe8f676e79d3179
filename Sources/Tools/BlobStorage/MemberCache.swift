import BakeModel
import Glibc
import LinuxSystem
import Synchronization

/// Which pieces of the store's layers may be copied into a new one: the gzip members by what names their content.
///
/// Each layer's members stand in a small file of the cache, apart for each encoder: what is copied is what compressing
/// again would give, so a layer's bytes never depend on what a store held before. Every copy is checked against its
/// digest. Safe to use from many threads; losing the files costs time only.
public final class MemberCache: Sendable {
    private let store: BlobStore
    private let directory: String
    private let places = KnownMembers()
    /// One for each layer that has something.
    private let files = Mutex<[Digest: Descriptor]>([:])

    /// How many layers are looked at, the latest first.
    private static let layers = 16
    /// More files than this are thinned out to `layers`.
    private static let mostFiles = 256
    private static let fileLimit = 64 << 20
    /// No member of bake's is larger.
    private static let memberLimit = 2 << 20

    /// The members that an encoder wrote into layers of this store.
    /// - Parameter encoder: what makes the bytes, with its version.
    public init(store: BlobStore, encoder: String) {
        self.store = store
        directory = "\(store.cache)/members/\(Digest.of(Array(encoder.utf8)).hex.prefix(16))"
    }

    /// Whether no member is known, so that nobody need look for any.
    public var isEmpty: Bool { places.isEmpty(reading: readAll) }

    /// The stored bytes of the member whose content has this name, and their digest; nil where there is none, or a damaged one.
    public func find(_ content: Digest) -> (bytes: [UInt8], digest: Digest)? {
        guard let place = places.find(MemberList.Name(content), reading: readAll), let bytes = try? read(place) else {
            return nil
        }
        let digest = Digest.of(bytes)
        return MemberList.Name(digest) == place.stored ? (bytes, digest) : nil
    }

    /// Remembers the members of a layer, which may be on its way into the store still. Failing to is no harm.
    public func keep(_ members: [LayerMember], of layer: Digest) {
        guard members.count > 1 else { return }
        let records = members.flatMap { member in
            MemberList.Name(member.content).bytes + MemberList.Name(member.stored).bytes + member.offset.bigEndianBytes
                + UInt64(member.size).bigEndianBytes
        }
        let sharing = Sharing.around(store.cache)
        do {
            try DurableFile.makeDirectories(directory, sharing: sharing)
            let sealed = records + Self.seal(of: records, layer)
            try CacheFile.replace("\(directory)/\(layer.hex)", with: sealed, sharing: sharing)
            try thinOut()
        } catch {}
    }

    /// The pieces of a layer as they were when it was written, whatever encoder wrote them; nil where they are not known from
    /// the first to the last. The layer is not read.
    static func list(of layer: Digest, in store: BlobStore) -> MemberList? {
        let directory = "\(store.cache)/members"
        for encoder in DirectoryListing.namesIfThere(in: directory) {
            let list = list(in: "\(directory)/\(encoder)/\(layer.hex)", of: layer)
            if let list, list.size == (try? store.size(layer)) { return list }
        }
        return nil
    }

    private static func list(in file: String, of layer: Digest) -> MemberList? {
        guard let bytes = try? DurableFile.read(file, limit: fileLimit), bytes.count > sealSize else { return nil }
        let records = Array(bytes.dropLast(sealSize))
        guard bytes.suffix(sealSize).elementsEqual(seal(of: records, layer)) else { return nil }
        return MemberList(members: places(records, of: layer).map { .init(name: $1.stored, size: $1.size) })
    }

    /// What records say of a layer, in its order. What is shorter than one, a seal or a torn end, says nothing.
    private static func places(
        _ bytes: [UInt8], of layer: Digest
    ) -> [(content: MemberList.Name, place: KnownMembers.Place)] {
        stride(from: 0, through: bytes.count - recordSize, by: recordSize).compactMap { start in
            let record = bytes[start..<start + recordSize]
            return place(record, in: layer).map { (MemberList.Name(record), $0) }
        }
    }

    /// What stands behind the records of a layer: a file that was cut off, or is another layer's, does not have it.
    private static func seal(of records: [UInt8], _ layer: Digest) -> [UInt8] {
        Digest.of(records + layer.bytes).bytes
    }

    private static let sealSize = 32

    private func read(_ place: KnownMembers.Place) throws -> [UInt8] {
        try file(of: place.blob).bytes(from: Int(place.offset), count: place.size)
    }

    private func file(of blob: Digest) throws -> Descriptor {
        try files.withLock { files in
            if let file = files[blob] { return file }
            // Past the trash: what was laid aside must not come back for this.
            let file = try Descriptor.open(store.location(of: blob), O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            files[blob] = file
            return file
        }
    }

    /// The members of the latest layers, the latest last.
    private func readAll() -> [MemberList.Name: KnownMembers.Place] {
        var found: [MemberList.Name: KnownMembers.Place] = [:]
        // What was exported or collected is no blob of the store.
        let present = latestFirst().compactMap { Digest(hex: $0) }.filter { blob in
            access(store.location(of: blob), R_OK) == 0
        }
        for blob in present.prefix(Self.layers).reversed() {
            guard let bytes = try? DurableFile.read("\(directory)/\(blob.hex)", limit: Self.fileLimit) else { continue }
            for (content, place) in Self.places(bytes, of: blob) { found[content] = place }
        }
        return found
    }

    /// What it holds, what it is as stored (16 bytes of each SHA-256), where it begins, how long it is.
    private static let recordSize = 48

    private static func place(_ record: ArraySlice<UInt8>, in blob: Digest) -> KnownMembers.Place? {
        let offset = UInt64(bigEndianBytes: record.dropFirst(32).prefix(8))
        let size = UInt64(bigEndianBytes: record.dropFirst(40))
        guard offset < 1 << 62, (1...UInt64(memberLimit)).contains(size) else { return nil }
        return KnownMembers.Place(
            blob: blob, stored: MemberList.Name(record.dropFirst(16)), offset: offset, size: Int(size))
    }

    private func latestFirst() -> [String] {
        let names = DirectoryListing.namesIfThere(in: directory)
        let dated = names.compactMap { name -> (String, Int)? in
            var status = stat()
            guard lstat("\(directory)/\(name)", &status) == 0, status.isRegularFile else { return nil }
            return (name, status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec)
        }
        return dated.sorted { $0.1 > $1.1 }.map(\.0)
    }

    private func thinOut() throws {
        guard try DirectoryListing.names(in: directory).count > Self.mostFiles else { return }
        for name in latestFirst().dropFirst(Self.layers) { unlink("\(directory)/\(name)") }
    }
}

/// Where members lie, read when the first is asked for.
private final class KnownMembers: Sendable {
    struct Place: Sendable {
        let blob: Digest
        let stored: MemberList.Name
        let offset: UInt64
        let size: Int
    }

    private let all = Mutex<[MemberList.Name: Place]?>(nil)

    /// Where a member lies.
    func find(_ content: MemberList.Name, reading: () -> [MemberList.Name: Place]) -> Place? {
        withAll(reading) { $0[content] }
    }

    /// Whether there are none.
    func isEmpty(reading: () -> [MemberList.Name: Place]) -> Bool { withAll(reading) { $0.isEmpty } }

    private func withAll<Result: Sendable>(
        _ reading: () -> [MemberList.Name: Place], _ body: ([MemberList.Name: Place]) -> Result
    ) -> Result {
        all.withLock { all in
            let known = all ?? reading()
            all = known
            return body(known)
        }
    }
}
