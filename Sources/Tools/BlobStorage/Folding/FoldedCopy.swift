import BakeModel
import Glibc
import LinuxSystem

extension BlobStore {
    /// Copies what layers are put together from, packs before lists, to a store that has the blobs already. What is there
    /// stays: packs have their digests as names, and a layer's list never changes. A pack that is damaged is left out: whoever
    /// verifies the layers then finds those that need it.
    /// - Throws: `SystemError`.
    public func copyFolded(to other: BlobStore) throws {
        let (from, to) = (foldedLayers, other.foldedLayers)
        let (layers, packs) = try (from.listed(), from.packs())
        guard !layers.isEmpty else { return }
        for directory in [to.layers, to.packDirectory] {
            try DurableFile.makeDirectories(directory, sharing: other.sharing)
            try DurableFile.synchronizeDirectory(of: directory)
        }
        let sound = try packs.filter { try access(to.place(ofPack: $0), F_OK) == 0 || Self.copy($0, from, to) }
        let lists =
            sound.map { (from.place(ofListOfPack: $0), to.place(ofListOfPack: $0)) }
            + layers.map { (from.place(ofListOf: $0), to.place(ofListOf: $0)) }
        for (source, target) in lists where access(target, F_OK) != 0 {
            let bytes = try DurableFile.read(source, limit: FoldedLayers.listLimit)
            try DurableFile.replace(target, with: bytes, mode: 0o444, sharing: other.sharing)
        }
    }

    /// - Returns: whether its bytes are those that its name says.
    private static func copy(_ pack: Digest, _ from: FoldedLayers, _ to: FoldedLayers) throws -> Bool {
        let temporary = try TemporaryFile(in: to.store.temporary, sharing: to.store.sharing)
        var hasher = DigestHasher()
        try Descriptor.open(from.place(ofPack: pack), O_RDONLY | O_NOFOLLOW).readPieces(of: 1 << 20) {
            hasher.update($0)
            try temporary.file.write($0)
        }
        guard hasher.finish() == pack else { return false }
        try SystemError.check("set the mode of", temporary.path) {
            fchmod(temporary.file.number, to.store.sharing.fileMode(0o444))
        }
        try temporary.replace(to.place(ofPack: pack))
        return true
    }
}
