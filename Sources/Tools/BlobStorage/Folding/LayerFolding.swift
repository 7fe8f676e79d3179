import BakeModel
import Glibc
import LinuxSystem

/// Layers → pieces: what must be on the disk before blobs may leave a store without a loss.
public struct LayerFolding {
    private let store: BlobStore
    private let folded: FoldedLayers
    private let cut: MemberCut

    /// Prepares to fold in a store that nobody else collects in.
    /// - Parameter cut: how long a layer's pieces are.
    public init(_ store: BlobStore, cut: @escaping MemberCut) {
        self.store = store
        folded = store.foldedLayers
        self.cut = cut
    }

    /// Writes down what is needed when these blobs are gone, and proves it by putting each layer together from the rest.
    /// Nothing is taken away here.
    /// - Parameters:
    ///   - layers: those that must come back when they are asked for.
    ///   - leaving: other blobs that go.
    ///   - staying: layers that stay whole; pieces that they have are not stored again.
    /// - Returns: the layers that may go now. What is not made of pieces stays.
    /// - Throws: `StoreError`, `SystemError`: nothing may go then.
    public func prepare(_ layers: [Digest], leaving: Set<Digest>, staying: [Digest]) throws -> Set<Digest> {
        let dependent = try folded.folded()
        guard !layers.isEmpty || !dependent.isEmpty else { return [] }
        try makeDirectories()
        let foldable = try layers.filter(list)
        for layer in staying { _ = try list(layer) }
        let going = leaving.union(foldable)
        var needed: Set<MemberList.Name> = []
        for layer in dependent + foldable { needed.formUnion((folded.list(of: layer)?.members ?? []).map(\.name)) }
        var places = try MemberPlaces(in: folded, without: going)
        for layer in foldable {
            if let list = folded.list(of: layer) { try pack(list, of: layer, needed, &places) { $0.contains($1.name) } }
        }
        for layer in foldable { try folded.read(layer, from: places) { _ in } }
        // Of what nobody puts together here, each piece is proved.
        for layer in leaving.subtracting(foldable).sorted() where folded.isWhole(layer) {
            if let list = folded.list(of: layer) { try pack(list, of: layer, needed, &places) { $0.holds($1) } }
        }
        return Set(foldable)
    }

    /// Takes away the lists of layers that are not wanted any more, and packs of which nothing is. What somebody reads now
    /// stays for the next time.
    /// - Parameter kept: the layers that must come back.
    /// - Returns: the bytes that are free now.
    public func prune(keeping kept: Set<Digest>) throws -> UInt64 {
        guard access(folded.layers, F_OK) == 0, let lock = try FileLock.exclusiveIfFree(folded.lock) else { return 0 }
        defer { withExtendedLifetime(lock) {} }
        var freed: UInt64 = 0
        for layer in try folded.folded() where !kept.contains(layer) {
            freed += Self.remove(folded.place(ofListOf: layer))
        }
        let needed = try Set(folded.folded().flatMap { (folded.list(of: $0)?.members ?? []).map(\.name) })
        for pack in try folded.packs() {
            guard let list = folded.list(ofPack: pack), needed.isDisjoint(with: list.members.map(\.name)) else {
                continue
            }
            // The list first: a pack without one is no place.
            freed += Self.remove(folded.place(ofListOfPack: pack)) + Self.remove(folded.place(ofPack: pack))
        }
        return try freed + sweep()
    }

    /// What a killed collection left: packs that got no list, and files that got no name.
    private func sweep() throws -> UInt64 {
        let listed = try Set(folded.packs().flatMap { [folded.place(ofPack: $0), folded.place(ofListOfPack: $0)] })
        var freed: UInt64 = 0
        for name in try DirectoryListing.names(in: folded.packDirectory) {
            let path = "\(folded.packDirectory)/\(name)"
            if !listed.contains(path) { freed += Self.remove(path) }
        }
        for name in try DirectoryListing.names(in: folded.layers) where Digest(hex: name) == nil {
            freed += Self.remove("\(folded.layers)/\(name)")
        }
        return freed
    }

    private static func remove(_ path: String) -> UInt64 {
        var status = stat()
        guard lstat(path, &status) == 0, unlink(path) == 0 else { return 0 }
        return UInt64(status.st_size)
    }

    private func makeDirectories() throws {
        for directory in [folded.layers, folded.packDirectory] {
            try DurableFile.makeDirectories(directory, sharing: store.sharing)
            try DurableFile.synchronizeDirectory(of: directory)
        }
    }

    /// Makes sure that a layer's list is on the disk; false where it is not made of pieces, or not there.
    private func list(_ layer: Digest) throws -> Bool {
        if folded.list(of: layer) != nil { return folded.isWhole(layer) }
        guard folded.isWhole(layer), let list = try MemberCache.list(of: layer, in: store) ?? cutting(layer) else {
            return false
        }
        try DurableFile.replace(
            folded.place(ofListOf: layer), with: list.bytes, mode: 0o444, sharing: store.sharing)
        return true
    }

    /// The pieces of a layer of which nobody remembers them.
    private func cutting(_ layer: Digest) throws -> MemberList? {
        guard let (list, whole) = try MemberList.cutting(store.open(layer), cut) else { return nil }
        guard whole == layer else { throw StoreError.corrupted(layer, found: whole) }
        return list
    }

    /// Stores the pieces of a layer that are needed and lie nowhere else.
    private func pack(
        _ list: MemberList, of layer: Digest, _ needed: Set<MemberList.Name>, _ places: inout MemberPlaces,
        isElsewhere: (MemberPlaces, MemberList.Member) -> Bool
    ) throws {
        let file = try store.open(layer)
        let temporary = try TemporaryFile(in: store.temporary, sharing: store.sharing)
        var hasher = DigestHasher()
        var packed = MemberList()
        var seen: Set<MemberList.Name> = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: MemberList.longest, alignment: 16)
        defer { buffer.deallocate() }
        var offset = 0
        for member in list.members {
            defer { offset += member.size }
            guard needed.contains(member.name), !isElsewhere(places, member), seen.insert(member.name).inserted else {
                continue
            }
            let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<member.size])
            try file.fill(piece, from: offset)
            hasher.update(UnsafeRawBufferPointer(piece))
            try temporary.file.write(UnsafeRawBufferPointer(piece))
            packed.members.append(member)
        }
        guard !packed.members.isEmpty else { return }
        let digest = hasher.finish()
        try SystemError.check("set the mode of", temporary.path) {
            fchmod(temporary.file.number, store.sharing.fileMode(0o444))
        }
        try temporary.replace(folded.place(ofPack: digest))
        try DurableFile.replace(
            folded.place(ofListOfPack: digest), with: packed.bytes, mode: 0o444, sharing: store.sharing)
        places.add(packed, in: folded.place(ofPack: digest))
    }
}
