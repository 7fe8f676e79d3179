import BakeModel
import BlobStorage
import EnvironmentPromotion
import GenerationLog
import ImageAssembly

extension BakeStore {
    /// Makes `index.json` say what the ledger says: `web@42`, its evidence, `web:production`. Names of others are kept.
    public func refreshIndex() throws { try blobs.refreshIndex(index) }

    /// Makes `index.json` again from the whole ledger.
    /// - Parameter isForeignKept: whether the names that other tools wrote stay; else a damaged one can be replaced.
    public func rebuildIndex(isForeignKept: Bool) throws {
        try blobs.rebuildIndex(index, isForeignKept: isForeignKept)
    }

    private var index: IndexContent {
        IndexContent(
            owns: Self.isOurs, latest: { try ledger.latest() },
            lasting: { first, last in
                let collected = try generations.collected()
                return try generations.all(after: first, through: last).flatMap { found in
                    Self.entries(found.record, hasImage: collected[found.record.id] == nil)
                }
            },
            moving: {
                try promotion.slots(depth: 1).compactMap { state in
                    try state.current.flatMap { try generations.find($0.generation) }.map {
                        IndexEntry(reference: state.slot.description, target: Self.image($0.record))
                    }
                }
            })
    }

    private static func entries(_ record: GenerationRecord, hasImage: Bool) -> [IndexEntry] {
        let evidence = ContentDescriptor(
            mediaType: MediaType.manifest, digest: record.evidence, size: record.evidenceSize,
            artifactType: MediaType.evidence, annotations: [:])
        return (hasImage ? [IndexEntry(reference: record.id.description, target: image(record))] : [])
            + [IndexEntry(reference: "\(record.id)\(evidenceSuffix)", target: evidence)]
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
