import Attestation
import BakeModel
import BlobStorage
import EnvironmentPromotion
import GenerationLog

/// The names by which other tools find what is in a store, against what the ledger says that each stands for.
struct IndexNames {
    /// The names of `index.json`, each as often as it stands there: tools differ in which one they take.
    private let named: [(name: String, digest: Digest)]
    /// The entry of the ledger that the index reflects where it is behind it: whoever was killed between the two left it so,
    /// and the next command writes it. Nil where it is not.
    let behind: Int64?
    /// What each name stands for, what it stood for since the index was written among it; the last is that of now.
    private let known: [String: [Digest]]
    private let pipelines: Set<PipelineName>

    /// Reads the index first, so that what moves meanwhile is no fault.
    init(_ store: BakeStore) throws {
        let entry = store.blobs.indexedEntry
        named = ((try? store.blobs.readIndex())?.manifests ?? []).compactMap { manifest in
            manifest.annotations[ContentDescriptor.referenceKey].map { ($0, manifest.digest) }
        }
        let latest = try store.audit.latest()
        behind = entry.flatMap { $0 < latest ? $0 : nil }
        pipelines = Set(try store.generations.pipelines())
        known = try Self.known(store, Set(named.map(\.name)), since: behind)
    }

    /// Of the names in the index alone: the ledger may know a million more.
    private static func known(
        _ store: BakeStore, _ names: Set<String>, since behind: Int64?
    ) throws -> [String: [Digest]] {
        let generations = try store.generations.compactMap { found in
            let name = found.record.id.description
            return names.contains(name) ? (name, [found.record.image]) : nil
        }
        var known = Dictionary(generations) { $1 }
        for referrer in try store.attestations.referrers(after: 0, through: .max)
        where names.contains(referrer.name) {
            known[referrer.name, default: []].append(referrer.artifact)
        }
        for state in try store.promotion.slots(depth: 1) {
            let earlier = try behind.map { try held(state.slot, since: $0, store) } ?? []
            known[state.slot.description] = earlier + (state.current.map { [$0.image] } ?? [])
        }
        return known
    }

    /// What a slot held at an entry and after it.
    private static func held(_ slot: Slot, since entry: Int64, _ store: BakeStore) throws -> [Digest] {
        let spans = try store.audit.timeline(of: slot)
        return spans[(spans.lastIndex { $0.entry <= entry } ?? 0)...].map(\.generation.image)
    }

    /// The names that stand for something else than the ledger says, or that it does not know although they look like its own.
    var findings: [StoreFinding] {
        named.compactMap { name, digest in
            guard isOurs(name), known[name]?.contains(digest) != true else { return nil }
            let right = known[name]?.last.map { "the ledger \($0)" } ?? "and the ledger knows no such name"
            return StoreFinding(.misnamed, name, "index.json says \(digest), \(right)")
        }
    }

    /// Whether a name is that of a generation, its evidence or a slot of a pipeline that was baked here. What others put there
    /// may be called `alpine:latest`.
    private func isOurs(_ name: String) -> Bool {
        let pipeline = GenerationID(name.prefix { $0 != "." })?.pipeline ?? Slot(name)?.pipeline
        return pipeline.map(pipelines.contains) ?? false
    }
}
