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
            } + IndexNames(store).findings
        ledger = try store.audit.verify()
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
