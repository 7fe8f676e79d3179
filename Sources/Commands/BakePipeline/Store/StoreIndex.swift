import BakeModel
import BlobStorage
import EnvironmentPromotion
import GenerationLog
import ImageAssembly

extension BakeStore {
    /// Writes `index.json` anew from the ledger: `web@42`, its evidence, `web:production`. Names of others are kept.
    public func refreshIndex() throws {
        try blobs.rewriteIndex(owning: Self.isOurs) {
            let found = try generations.all()
            let byName = Dictionary(found.map { ($0.record.id, $0.record) }, uniquingKeysWith: { $1 })
            let slots = try promotion.slots().compactMap { state -> IndexEntry? in
                guard let record = state.current.flatMap({ byName[$0.generation] }) else { return nil }
                return IndexEntry(reference: state.slot.description, target: Self.image(record))
            }
            return found.flatMap { Self.entries($0.record) } + slots
        }
    }

    private static func entries(_ record: GenerationRecord) -> [IndexEntry] {
        let evidence = ContentDescriptor(
            mediaType: MediaType.manifest, digest: record.evidence, size: record.evidenceSize,
            artifactType: MediaType.evidence, annotations: [:])
        return [
            IndexEntry(reference: record.id.description, target: image(record)),
            IndexEntry(reference: "\(record.id)\(evidenceSuffix)", target: evidence),
        ]
    }

    /// The facts of the build stand here, and not in the image: its digest depends on its content alone.
    private static func image(_ record: GenerationRecord) -> ContentDescriptor {
        ContentDescriptor(
            mediaType: MediaType.manifest, digest: record.image, size: record.imageSize, artifactType: nil,
            annotations: [
                "org.opencontainers.image.revision": record.commit.id.hex,
                "org.opencontainers.image.source": record.source,
                "org.opencontainers.image.version": record.id.description,
                "org.opencontainers.image.title": record.id.pipeline.text,
            ])
    }

    private static let evidenceSuffix = ".evidence"

    private static func isOurs(_ reference: String) -> Bool {
        let name = reference.hasSuffix(evidenceSuffix) ? String(reference.dropLast(evidenceSuffix.count)) : reference
        return GenerationID(name) != nil || Slot(name) != nil
    }
}
