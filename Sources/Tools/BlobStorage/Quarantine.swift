import BakeModel
import Glibc
import LinuxSystem

extension BlobStore {
    /// Where damaged files are laid aside.
    public var quarantine: String { "\(path)/quarantine" }

    /// Lays a damaged blob aside, so that its name is free for good bytes. One that is sound by now stays.
    /// - Returns: where it lies now; nil where it was sound, or gone.
    /// - Throws: `SystemError`.
    public func quarantine(_ digest: Digest) throws -> String? {
        do {
            _ = try verify(digest)
            return nil
        } catch StoreError.missing {
            return nil
        } catch {
            let place = isFolded(digest) ? foldedLayers.place(ofListOf: digest) : location(of: digest)
            return try layAside(place, as: digest.hex)
        }
    }

    /// Lays an index aside that cannot be understood.
    /// - Returns: where it lies now.
    public func quarantineIndex() throws -> String { try layAside(index, as: "index.json") }

    private func layAside(_ file: String, as name: String) throws -> String {
        try sharing.makeDirectory(quarantine, mode: 0o700)
        let target = "\(quarantine)/\(name).\(String(UInt32.random(in: .min ... .max), radix: 16))"
        try SystemError.check("lay aside", file) { rename(file, target) }
        try DurableFile.synchronizeDirectory(of: target)
        try DurableFile.synchronizeDirectory(of: file)
        return target
    }

    /// The layers that a manifest names; none where it is missing or cannot be understood.
    public func layers(of manifest: Digest) -> [Digest] {
        guard let bytes = try? read(manifest, limit: 16 << 20),
            let document = try? ManifestDocument(parsing: bytes, as: MediaType.manifest)
        else { return [] }
        return document.layers.map(\.digest)
    }

    /// The blobs that a manifest names, beside itself; none where it is missing or cannot be understood.
    public func named(by manifest: Digest) -> [Digest] {
        guard let bytes = try? read(manifest, limit: 16 << 20),
            let document = try? ManifestDocument(parsing: bytes, as: MediaType.manifest)
        else { return [] }
        return ([document.configuration].compactMap(\.self) + document.layers).map(\.digest)
    }
}
