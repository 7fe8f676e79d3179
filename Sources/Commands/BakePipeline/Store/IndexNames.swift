import Attestation
import BakeModel
import BlobStorage
import EnvironmentPromotion
import GenerationLog

/// The names by which other tools find what is in a store, against what the ledger says that each stands for.
struct IndexNames {
    /// The names that stand for something else than the ledger says, or that it does not know although they look like its own.
    let findings: [StoreFinding]
    /// The entry of the ledger that the index reflects where it is behind it: whoever was killed between the two left it so,
    /// and the next command writes it. Nil where it is not.
    let behind: Int64?

    /// Reads the index first, so that what moves meanwhile is no fault.
    init(_ store: BakeStore) throws {
        let entry = store.blobs.indexedEntry
        let manifests = (try? store.blobs.readIndex())?.manifests ?? []
        let latest = try store.audit.latest()
        behind = entry.flatMap { $0 < latest ? $0 : nil }
        var doubts = NameDoubts(manifests, of: Set(try store.generations.pipelines()))
        try store.generations.forEach { doubts.settle($0.record.id.description, $0.record.image) }
        for referrer in try store.attestations.referrers(after: 0, through: .max) {
            doubts.settle(referrer.name, referrer.artifact)
        }
        for state in try store.promotion.slots(depth: 1) {
            // What it held since the index was written, and now.
            let held = try behind.map { try Self.held(state.slot, since: $0, store) } ?? []
            for image in held + (state.current.map { [$0.image] } ?? []) {
                doubts.settle(state.slot.description, image)
            }
        }
        findings = doubts.findings
    }

    /// What a slot held at an entry and after it.
    private static func held(_ slot: Slot, since entry: Int64, _ store: BakeStore) throws -> [Digest] {
        let spans = try store.audit.timeline(of: slot)
        return spans[(spans.lastIndex { $0.entry <= entry } ?? 0)...].map(\.generation.image)
    }
}

/// What the names of an index stand for, as far as the ledger has not borne it out. Only what is left is kept: a store may
/// have a million names.
private struct NameDoubts {
    /// Names, each with everything that it stands for there: tools differ in which one they take.
    private var open: [String: Set<Digest>] = [:]
    /// What the ledger says of those last.
    private var right: [String: Digest] = [:]

    /// Takes the names of generations, evidence and slots of pipelines that were baked here. What others put there may be called
    /// `alpine:latest`.
    init(_ manifests: [ContentDescriptor], of pipelines: Set<PipelineName>) {
        for manifest in manifests {
            guard let name = manifest.annotations[ContentDescriptor.referenceKey],
                let pipeline = GenerationID(name.prefix { $0 != "." })?.pipeline ?? Slot(name)?.pipeline,
                pipelines.contains(pipeline)
            else { continue }
            open[name, default: []].insert(manifest.digest)
        }
    }

    /// Takes what the ledger says.
    mutating func settle(_ name: String, _ digest: Digest) {
        guard var left = open[name] else { return }
        left.remove(digest)
        open[name] = left.isEmpty ? nil : left
        right[name] = left.isEmpty ? nil : digest
    }

    var findings: [StoreFinding] {
        open.sorted { $0.key < $1.key }.flatMap { name, digests in
            let right = right[name].map { "the ledger \($0)" } ?? "and the ledger knows no such name"
            return digests.sorted().map { StoreFinding(.misnamed, name, "index.json says \($0), \(right)") }
        }
    }
}
