import BakeModel
import BlobStorage
import GenerationLog
import LedgerDatabase

/// Mends what can be mended without inventing anything: damaged blobs are laid aside, views made again. What is lost after
/// that is told, with the generations that need it.
public struct StoreRepair: Sendable {
    /// A file that was laid aside.
    public struct LaidAside: Hashable, Sendable {
        /// What it should have been.
        public let name: String
        /// Where it lies now.
        public let place: String
    }

    /// A generation that lacks something.
    public struct Loss: Hashable, Sendable {
        /// Which one.
        public let generation: GenerationRecord
        /// The blobs of its image that are not there, or not sound.
        public let image: [Digest]
        /// Those of its evidence.
        public let evidence: [Digest]
    }

    /// What was laid aside.
    public let laidAside: [LaidAside]
    /// Which views were made again.
    public let rebuilt: [String]
    /// What is lost, by the generation that needs it.
    public let losses: [Loss]
    /// What is lost beside that: what programs of bakes printed, and other tools' images.
    public let otherLosses: [Digest]
    /// What is left, as a second look finds it.
    public let left: StoreExamination

    /// Repairs a store.
    /// - Parameter found: what is wrong with it.
    public init(_ store: BakeStore, _ found: StoreExamination) throws {
        var laidAside = try Self.layAside(found.blobs, store)
        var rebuilt: [String] = []
        // A changed entry is not mended by anything made of it; only a backup has what was written.
        if !found.ledger.isEmpty, found.ledger.allSatisfy({ [.view, .head, .index].contains($0.kind) }) {
            try store.ledger.rebuildViews()
            rebuilt.append("the views of the ledger")
        }
        if let place = try Self.rebuildIndex(of: store) { laidAside.append(place) }
        rebuilt.append("index.json")
        self.laidAside = laidAside
        self.rebuilt = rebuilt
        left = try StoreExamination(store)
        let lost = Set(left.blobs.filter(\.isDamage).compactMap { Digest($0.subject) })
        losses = try Self.losses(lost, store)
        otherLosses = lost.subtracting(losses.flatMap { $0.image + $0.evidence }).sorted()
    }

    private static func layAside(_ findings: [StoreFinding], _ store: BakeStore) throws -> [LaidAside] {
        try findings.filter { $0.kind == .corrupted }.compactMap { finding in
            guard let digest = Digest(finding.subject) else { return nil }
            return try store.blobs.quarantine(digest).map { LaidAside(name: finding.subject, place: $0) }
        }
    }

    private static func rebuildIndex(of store: BakeStore) throws -> LaidAside? {
        do {
            try store.rebuildIndex(isForeignKept: true)
            return nil
        } catch StoreError.damaged {
            let place = try store.blobs.quarantineIndex()
            try store.rebuildIndex(isForeignKept: false)
            return LaidAside(name: "index.json", place: place)
        }
    }

    private static func losses(_ lost: Set<Digest>, _ store: BakeStore) throws -> [Loss] {
        if lost.isEmpty { return [] }
        let missing = { (manifest: Digest) in
            ([manifest] + store.blobs.named(by: manifest)).filter(lost.contains)
        }
        return try store.generations.compactMap { found in
            let loss = Loss(
                generation: found.record, image: missing(found.record.image), evidence: missing(found.record.evidence))
            return loss.image.isEmpty && loss.evidence.isEmpty ? nil : loss
        }
    }
}
