import BakeModel
import BlobStorage

/// The documents that prove what an image is, as an OCI artifact that points at the image: it travels with it, and a
/// stranger's garbage collection finds it reachable.
public struct Evidence: Sendable {
    /// One document.
    public struct Document: Sendable {
        /// What it is called, `bake.yaml`.
        public let title: String
        /// Its media type.
        public let mediaType: String
        /// Its bytes.
        public let bytes: [UInt8]

        /// Describes a document.
        public init(title: String, mediaType: String, bytes: [UInt8]) {
            self.title = title
            self.mediaType = mediaType
            self.bytes = bytes
        }
    }

    /// The documents, in a fixed order.
    public let documents: [Document]

    /// Gathers documents.
    public init(documents: [Document]) { self.documents = documents }
}

/// Evidence → artifact.
public struct EvidenceAssembler: Sendable {
    private let store: BlobStore

    /// Writes artifacts to a store.
    public init(store: BlobStore) { self.store = store }

    /// Writes the documents and the artifact's manifest, whose `subject` is the image.
    /// - Returns: the manifest's digest and size.
    public func assemble(_ evidence: Evidence, about image: Image) throws -> (manifest: Digest, size: UInt64) {
        try assemble(
            evidence.documents, type: MediaType.evidence, annotations: [:],
            about: (image.manifest, image.manifestSize))
    }

    /// Writes one document as an artifact of its own.
    /// - Parameters:
    ///   - annotations: remarks on the artifact and on its document.
    ///   - image: the manifest that it is about, and its bytes.
    public func assemble(
        _ document: Evidence.Document, annotations: [String: String], about image: (Digest, UInt64)
    ) throws -> (manifest: Digest, size: UInt64) {
        try assemble([document], type: document.mediaType, annotations: annotations, about: image)
    }

    private func assemble(
        _ documents: [Evidence.Document], type: String, annotations: [String: String], about image: (Digest, UInt64)
    ) throws -> (manifest: Digest, size: UInt64) {
        let empty = try store.put(Array("{}".utf8))
        let layers = try documents.map { document -> JSON in
            var members =
                ImageDocument.descriptor(
                    document.mediaType, try store.put(document.bytes), UInt64(document.bytes.count)
                ).members ?? [:]
            let title = ["org.opencontainers.image.title": document.title].merging(annotations) { $1 }
            members["annotations"] = .object(title.mapValues(JSON.string))
            return .object(members)
        }
        let manifest = JSON.record([
            "schemaVersion": 2, "mediaType": .string(MediaType.manifest), "artifactType": .string(type),
            "config": ImageDocument.descriptor(MediaType.empty, empty, 2), "layers": .array(layers),
            "subject": ImageDocument.descriptor(MediaType.manifest, image.0, image.1),
            "annotations": annotations.isEmpty ? nil : .object(annotations.mapValues(JSON.string)),
        ])
        return (try store.put(manifest.canonicalBytes), UInt64(manifest.canonicalBytes.count))
    }
}
