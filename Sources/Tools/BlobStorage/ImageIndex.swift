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

    /// An index of these names and no others.
    public init(naming entries: some Sequence<IndexEntry>) {
        self = .empty
        var members = document.members ?? [:]
        members["manifests"] = .array(entries.map(\.json))
        document = .object(members)
    }

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

    /// This index without the entries that `owns` claims. The others stay as they are, also those whose digests or
    /// members bake does not know.
    func without(owned owns: (String) -> Bool) -> ImageIndex {
        var members = document.members ?? [:]
        members["manifests"] = .array(
            rawManifests.filter { manifest in !(Self.reference(of: manifest).map(owns) ?? false) })
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
    private static let indexLimit = 1 << 30

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
}
