import AuditTrail
import BakeModel
import BlobStorage
import EnvironmentPromotion
import GenerationLog
import LedgerDatabase
import TarArchive

/// Everything that is not as it should be in a store.
public struct StoreExamination: Sendable {
    /// About blobs and documents.
    public let blobs: [StoreFinding]
    /// About the ledger and its views.
    public let ledger: [LedgerFinding]

    /// Looks at every blob, every document, every layer's tar, and the ledger.
    public init(_ store: BakeStore) throws {
        blobs =
            try store.blobs.check(roots: try Self.roots(store)) { descriptor, diffID in
                let summary = try ArchiveReader.read(try store.blobs.open(descriptor.digest)) { _, _ in }
                return summary.diffID == diffID ? nil : "its tar hashes to \(summary.diffID), the image says \(diffID)"
            } + Self.misnamed(in: store)
        ledger = try store.audit.verify()
    }

    /// The names from which other tools take images, where the ledger says that they stand for others. That the index is
    /// behind the ledger is no such thing: whoever was killed between the two left it so, and the next command writes it.
    static func misnamed(in store: BakeStore) throws -> [StoreFinding] {
        if let entry = store.blobs.indexedEntry, try entry < store.audit.latest() { return [] }
        guard let index = try? store.blobs.readIndex() else { return [] }
        let named = Dictionary(
            index.manifests.compactMap { manifest in
                manifest.annotations[ContentDescriptor.referenceKey].map { ($0, manifest.digest) }
            }
        ) { $1 }
        let slots = try store.promotion.slots(depth: 1).compactMap { state in
            state.current.map { (state.slot.description, $0.image) }
        }
        let finding = { (name: String, image: Digest) -> StoreFinding? in
            guard let found = named[name], found != image else { return nil }
            return StoreFinding(.misnamed, name, "index.json says \(found), the ledger \(image)")
        }
        return try slots.compactMap(finding)
            + store.generations.compactMap { finding($0.record.id.description, $0.record.image) }
    }

    /// Whether nothing is lost or wrong.
    public var isSound: Bool { !blobs.contains(where: \.isDamage) && ledger.isEmpty }

    /// What the ledger says must be there, whatever the index says.
    static func roots(_ store: BakeStore) throws -> [ContentDescriptor] {
        let collected = try store.generations.collected()
        return try store.blobsOfBuilds()
            + store.generations.compactMap { found in
                let image = collected[found.record.id] == nil ? [(found.record.image, found.record.imageSize)] : []
                return (image + [(found.record.evidence, found.record.evidenceSize)]).map {
                    ContentDescriptor(
                        mediaType: MediaType.manifest, digest: $0, size: $1, artifactType: nil, annotations: [:])
                }
            }.joined()
    }
}
