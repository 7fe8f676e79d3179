import Attestation
import BakeModel
import BlobStorage
import EnvironmentPromotion
import GenerationLog
import ImageAssembly

extension BakeStore {
    /// Makes `index.json` say what the ledger says: `web@42`, its evidence, `web:production`. Names of others are kept.
    public func refreshIndex() throws { try blobs.refreshIndex(index(without: [])) }

    /// Makes `index.json` again from the whole ledger.
    /// - Parameters:
    ///   - isForeignKept: whether the names that other tools wrote stay; else a damaged one can be replaced.
    ///   - leaving: layers that are about to be kept as pieces only.
    public func rebuildIndex(isForeignKept: Bool, without leaving: Set<Digest> = []) throws {
        try blobs.rebuildIndex(index(without: leaving), isForeignKept: isForeignKept)
    }

    private func index(without leaving: Set<Digest>) -> IndexContent {
        let isReadable = { (image: Digest) in
            !blobs.layers(of: image).contains { leaving.contains($0) || blobs.isFolded($0) }
        }
        return IndexContent(
            owns: Self.isOurs, latest: { try ledger.latest() },
            lasting: { first, last in
                for document in try attestations.indexDocuments(after: first, through: last) {
                    _ = try blobs.put(document)
                }
                let images = try generations.compactMap(after: first, through: last) { found in
                    let record = found.record
                    // Tools that read the layout find no layers that are kept as pieces.
                    let isNamed =
                        try !record.id.isDraft && generations.collection(of: record.id) == nil
                        && isReadable(record.image)
                    return isNamed ? IndexEntry(reference: record.id.description, target: Self.image(record)) : nil
                }
                let referrers = try attestations.referrers(after: first, through: last)
                return images + (first == 0 ? try archived(referrers) : referrers.map(Self.entry))
            },
            moving: {
                try promotion.slots(depth: 1).compactMap { state in
                    try state.current.flatMap { try generations.find($0.generation) }.map {
                        // What an environment has, every tool can read.
                        try blobs.layers(of: $0.record.image).forEach(blobs.unfold)
                        return IndexEntry(reference: state.slot.description, target: Self.image($0.record))
                    }
                } + (try attestations.indexes(of: generations.keptImages().sorted()).map(Self.entry))
            })
    }

    private static var archiveSize: Int { 1000 }
    private static var archiveName: String { "bake.evidence-" }

    /// Names of evidence. That of collected images only grows, and the index is copied at every move: so many of its names
    /// as fill whole archives stand in those, each an index that the index names. Nothing of it is out of reach.
    private func archived(_ referrers: [Referrer]) throws -> [IndexEntry] {
        let collected = try Set(generations.collected().keys.map(\.description))
        let isOld = { (referrer: Referrer) in collected.contains(String(referrer.name.prefix { $0 != "." })) }
        let old = referrers.filter(isOld).map(Self.entry)
        guard old.count >= Self.archiveSize else { return referrers.map(Self.entry) }
        let count = old.count / Self.archiveSize
        let archives = try (0..<count).map { number in
            let names = old[(number * Self.archiveSize)..<((number + 1) * Self.archiveSize)]
            let document = ImageIndex(naming: names).json.canonicalBytes
            return IndexEntry(
                reference: "\(Self.archiveName)\(number + 1)",
                target: ContentDescriptor(
                    mediaType: MediaType.index, digest: try blobs.put(document), size: UInt64(document.count)))
        }
        let rest = old.dropFirst(count * Self.archiveSize)
        return archives + rest + referrers.filter { !isOld($0) }.map(Self.entry)
    }

    private static func entry(_ referrer: Referrer) -> IndexEntry {
        IndexEntry(
            reference: referrer.name,
            target: ContentDescriptor(
                mediaType: MediaType.manifest, digest: referrer.artifact, size: referrer.size,
                artifactType: referrer.type, annotations: [:]))
    }

    /// The fallback tag of an image: what is about it, for tools that cannot ask. OCI distribution specification 1.1.
    private static func entry(_ index: ReferrerIndex) -> IndexEntry {
        IndexEntry(
            reference: index.tag,
            target: ContentDescriptor(mediaType: MediaType.index, digest: index.digest, size: index.size))
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

    /// `web@42`, `web@42.provenance`, `web:production`, and the fallback tags.
    static func isOurs(_ reference: String) -> Bool {
        let name = reference.prefix { $0 != "." }
        let isTag = reference.hasPrefix("sha256-") && Digest(hex: reference.dropFirst(7)) != nil
        return reference.hasPrefix(archiveName) || GenerationID(name) != nil || Slot(reference) != nil || isTag
    }
}
