import BakeModel
import BlobStorage
import LinuxSystem

/// The Debian packages that the root of an image says it has, and the layer that brought each.
public enum InstalledPackages {
    /// One package.
    public struct Found: Hashable, Sendable {
        /// What dpkg notes of it.
        public let package: PackageNotes.Package
        /// The layer that brought this version, counted from the lowest.
        public let layer: Int
    }

    private static let limit = 64 << 20

    /// Reads the notes of every layer. What a layer says is kept in the store's cache, so that a layer is read once.
    /// - Throws: `ArchiveReadError`, `StoreError`.
    public static func read(_ layers: [Layer], from store: BlobStore) throws -> [Found] {
        var notes: [String: [PackageNotes.Package]] = [:]
        var found: [PackageNotes.Package: Int] = [:]
        for (number, layer) in layers.enumerated() {
            notes = try self.notes(of: layer, from: store).applied(to: notes)
            let present = Set(notes.values.joined().filter(\.isInstalled))
            found = found.filter { present.contains($0.key) }
            for package in present where found[package] == nil { found[package] = number }
        }
        return found.map { Found(package: $0.key, layer: $0.value) }
            .sorted { ($0.package.name, $0.package.architecture) < ($1.package.name, $1.package.architecture) }
    }

    private static func notes(of layer: Layer, from store: BlobStore) throws -> LayerPackages {
        let directory = "\(store.cache)/packages"
        let file = "\(directory)/\(layer.blob.hex)"
        if let bytes = try? DurableFile.read(file, limit: limit), let json = try? JSON(parsing: bytes),
            let kept = LayerPackages(json)
        {
            return kept
        }
        let read = try LayerPackages(reading: layer, from: store)
        // The cache may be anybody's who may write to the store; without it the next bake reads the layer again.
        try? DurableFile.makeDirectories(directory, sharing: store.sharing)
        try? DurableFile.replace(file, with: read.json.canonicalBytes, sharing: store.sharing)
        return read
    }
}
