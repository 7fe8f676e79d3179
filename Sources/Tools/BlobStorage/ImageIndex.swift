import BakeModel
import Glibc
import LinuxSystem

/// `index.json`: what a layout holds, by name. In a store it is a view of the ledger, beside what other tools wrote.
public struct ImageIndex: Hashable, Sendable {
    private var document: JSON

    /// An index without entries.
    public static let empty = ImageIndex(document: [
        "schemaVersion": 2, "mediaType": .string(MediaType.index), "manifests": [],
    ])

    private init(document: JSON) { self.document = document }

    /// Reads the text of an index; nil where it is none.
    public init?(_ document: JSON) {
        guard document["schemaVersion"]?.number == 2, document["manifests"]?.items != nil else { return nil }
        self.document = document
    }

    /// The whole document, with the members that bake does not know.
    public var json: JSON { document }

    /// The descriptors that bake understands.
    public var manifests: [ContentDescriptor] { rawManifests.compactMap(ContentDescriptor.init) }

    /// The descriptor that has this name; the last one where several have it.
    public subscript(reference: String) -> ContentDescriptor? {
        rawManifests.last { Self.reference(of: $0).map { $0.utf8.elementsEqual(reference.utf8) } ?? false }
            .flatMap(ContentDescriptor.init)
    }

    var rawManifests: [JSON] { document["manifests"]?.items ?? [] }

    /// This index with every entry that `owns` claims replaced by those given. The others stay as they are, byte for
    /// byte of meaning: also those whose digests or members bake does not know.
    func replacing(owned owns: (String) -> Bool, with entries: [IndexEntry]) -> ImageIndex {
        let foreign = rawManifests.filter { manifest in !(Self.reference(of: manifest).map(owns) ?? false) }
        var members = document.members ?? [:]
        members["manifests"] = .array(foreign + entries.map(\.json))
        return ImageIndex(document: .object(members))
    }

    private static func reference(of manifest: JSON) -> String? {
        manifest["annotations"]?[ContentDescriptor.referenceKey]?.string
    }
}

/// A name in an index and what it stands for.
public struct IndexEntry: Hashable, Sendable {
    /// The name, `web@42` or `web:production`.
    public let reference: String
    /// What it names.
    public let target: ContentDescriptor

    /// Names something.
    public init(reference: String, target: ContentDescriptor) {
        self.reference = reference
        self.target = target
    }

    var json: JSON {
        var annotations = target.annotations
        annotations[ContentDescriptor.referenceKey] = reference
        return ContentDescriptor(
            mediaType: target.mediaType, digest: target.digest, size: target.size, artifactType: target.artifactType,
            annotations: annotations
        ).json
    }
}

extension BlobStore {
    private static let indexLimit = 64 << 20

    /// What the store's index says now.
    /// - Throws: `StoreError.damaged` where it cannot be understood; `SystemError`.
    public func readIndex() throws -> ImageIndex {
        do {
            let json = try JSON(parsing: try DurableFile.read(index, limit: Self.indexLimit))
            if let index = ImageIndex(json) { return index }
        } catch let error as SystemError where error.number == ENOENT {
            return .empty
        } catch is JSON.Fault {}
        throw StoreError.damaged(path: index, detail: "it is no OCI image index")
    }

    /// Replaces the names that are bake's, keeps those that other tools wrote. Readers see the old index or the new
    /// one.
    /// - Parameters:
    ///   - owns: which names are bake's.
    ///   - entries: what bake's names are now. It is asked once the lock is held, so that of two who rewrite the later
    ///     one has the later state.
    /// - Throws: what `entries` throws; `StoreError.damaged`, `SystemError`. The index is unchanged then.
    public func rewriteIndex(owning owns: (String) -> Bool, with entries: () throws -> [IndexEntry]) throws {
        let lock = try FileLock.exclusive("\(path)/index.lock")
        defer { withExtendedLifetime(lock) {} }
        let old = try readIndex()
        let new = old.replacing(owned: owns, with: try entries())
        if new == old, access(index, F_OK) == 0 { return }
        let temporary = try TemporaryFile(in: temporary, sharing: sharing)
        try SystemError.check("set the mode of", temporary.path) {
            fchmod(temporary.file.number, sharing.fileMode(0o644))
        }
        try temporary.file.write(new.json.canonicalBytes)
        try temporary.replace(index)
    }
}
