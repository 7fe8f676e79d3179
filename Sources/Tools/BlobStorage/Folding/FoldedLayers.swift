import BakeModel
import Glibc
import LinuxSystem

/// Layers that are kept as the pieces they share with others, and come back bit for bit when they are asked for.
///
/// `members/layers/` has a list of pieces for each of them, and for layers that are there as a whole and lend theirs;
/// `members/packs/` has the pieces that no whole layer has, each pack under its digest, with a list beside it. Lists and packs
/// are on the disk before the layer's blob goes, so a kill at any point leaves the blob or what makes it.
struct FoldedLayers: Sendable {
    let store: BlobStore

    var layers: String { "\(directory)/layers" }
    var packDirectory: String { "\(directory)/packs" }
    /// Shared by who puts a layer together, exclusive for who takes pieces away.
    var lock: String { "\(directory)/lock" }
    private var directory: String { "\(store.path)/members" }
    private static let listSuffix = ".list"
    static let listLimit = 64 << 20

    /// Whether the layer can come back, or is said to.
    func contains(_ layer: Digest) -> Bool { access(place(ofListOf: layer), F_OK) == 0 }

    /// Whether the layer is there as a blob.
    func isWhole(_ layer: Digest) -> Bool { access(store.location(of: layer), F_OK) == 0 }

    /// The layers that have a list.
    func listed() throws -> [Digest] { try names(in: layers).compactMap { Digest(hex: $0) } }

    /// The layers that are not there as blobs.
    func folded() throws -> [Digest] { try listed().filter { !isWhole($0) } }

    /// The packs that have a list.
    func packs() throws -> [Digest] {
        try names(in: packDirectory).filter { $0.hasSuffix(Self.listSuffix) }
            .compactMap { Digest(hex: $0.dropLast(Self.listSuffix.count)) }
    }

    /// The pieces of a layer; nil where they are not known.
    func list(of layer: Digest) -> MemberList? { read(place(ofListOf: layer)) }

    /// The pieces in a pack; nil where they are not known.
    func list(ofPack pack: Digest) -> MemberList? { read(place(ofListOfPack: pack)) }

    func place(ofListOf layer: Digest) -> String { "\(layers)/\(layer.hex)" }
    func place(ofPack pack: Digest) -> String { "\(packDirectory)/\(pack.hex)" }
    func place(ofListOfPack pack: Digest) -> String { "\(packDirectory)/\(pack.hex)\(Self.listSuffix)" }

    /// Puts a layer together.
    /// - Parameter places: where pieces lie; all there are where nil.
    /// - Throws: `StoreError.missing`, `.damaged`, `.corrupted`; what `each` throws. What was given until then is no layer.
    func read(_ layer: Digest, from places: MemberPlaces? = nil, each: (UnsafeRawBufferPointer) throws -> Void) throws {
        guard contains(layer) else { throw StoreError.missing(layer) }
        // Whoever may not make the lock reads beside a collection, and is told at worst that a piece is missing.
        let lock = try? FileLock.shared(lock)
        defer { withExtendedLifetime(lock) {} }
        guard let list = list(of: layer) else {
            throw StoreError.damaged(path: place(ofListOf: layer), detail: "it is no list of a layer's pieces")
        }
        var hasher = DigestHasher()
        do {
            try (places ?? MemberPlaces(in: self)).read(list) { piece in
                hasher.update(piece)
                try each(piece)
            }
        } catch is MissingMember {
            throw StoreError.damaged(path: place(ofListOf: layer), detail: "a piece that it names is not there")
        }
        let found = hasher.finish()
        guard found == layer else { throw StoreError.corrupted(layer, found: found) }
    }

    /// A file without a name that has the layer's bytes, which are proved.
    func open(_ layer: Digest) throws -> Descriptor {
        guard contains(layer) else { throw StoreError.missing(layer) }
        let temporary = try TemporaryFile(in: store.temporary, sharing: store.sharing)
        temporary.discard()
        try read(layer) { try temporary.file.write($0) }
        return try temporary.file.rewound()
    }

    private func read(_ place: String) -> MemberList? {
        (try? DurableFile.read(place, limit: Self.listLimit)).flatMap { MemberList(parsing: $0) }
    }

    private func names(in directory: String) throws(SystemError) -> [String] {
        do throws(SystemError) { return try DirectoryListing.names(in: directory) } catch {
            if error.number == ENOENT { return [] }
            throw error
        }
    }
}

extension BlobStore {
    /// The layers that are kept as pieces.
    var foldedLayers: FoldedLayers { FoldedLayers(store: self) }

    /// Whether a layer is kept as pieces only, so that tools which read the layout do not find it.
    public func isFolded(_ layer: Digest) -> Bool { !foldedLayers.isWhole(layer) && foldedLayers.contains(layer) }

    /// Makes a layer that is kept as pieces a blob again, on the disk when this returns; one that is a blob stays one.
    /// - Throws: `StoreError`, `SystemError`.
    public func unfold(_ layer: Digest) throws {
        guard isFolded(layer) else { return }
        let writer = try newBlob()
        try foldedLayers.read(layer) { try writer.write($0) }
        _ = try writer.commit(claimed: layer)
    }
}
