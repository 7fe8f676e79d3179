import BakeModel
import BlobStorage
import GenerationLog
import LedgerDatabase
import TarArchive

/// Plan → room: records which images go, takes them out of the index, then the blobs out of the store.
public struct StoreCollection: Sendable {
    private let store: BakeStore
    private let rules: CollectionRules
    private let clock: @Sendable () -> Timestamp

    private static let attempts = 20

    /// Prepares to collect.
    public init(_ store: BakeStore, rules: CollectionRules, clock: @escaping @Sendable () -> Timestamp) {
        self.store = store
        self.rules = rules
        self.clock = clock
    }

    /// What a collection would do now. Nothing is changed.
    public func plan() throws -> CollectionPlan {
        try CollectionPlanner(store: store, rules: rules, now: clock()).plan()
    }

    /// What an order would take now, without what is gone already. Nothing is changed.
    /// - Throws: `CollectionFault.outdated`.
    public func rest(of order: CollectionOrder, name: String) throws -> CollectionRest {
        CollectionRest(
            generations: try confirm(order, name, in: plan()), blobs: order.blobs.filter(store.blobs.contains))
    }

    /// What became of it.
    public struct Outcome: Sendable {
        /// The generations whose images are given up.
        public let generations: [GenerationID]
        /// How many blobs went.
        public let count: Int
        /// How many layers are kept as pieces from now on.
        public let folded: Int
        /// The bytes that are free now, and those that are when the processes that use the store have ended.
        public let blobs: BlobCollection.Result
    }

    /// Collects.
    /// - Parameters:
    ///   - order: exactly what may go, with the name of its file; everything that nothing keeps where nil.
    /// - Throws: `CollectorBusy`; `CollectionFault`: nothing is changed then, but for `tooMuchKept`.
    public func run(_ order: (CollectionOrder, name: String)? = nil, by actor: Actor) throws -> Outcome {
        let collection = try BlobCollection(store.blobs)
        let now = clock()
        let (plan, generations) = try record(order, by: actor, now: now)
        let blobs = order?.0.blobs.filter(store.blobs.contains) ?? plan.blobs
        let planner = CollectionPlanner(store: store, rules: rules, now: now)
        let folding = LayerFolding(store.blobs) { LayerMember.size(beginning: $0) }
        let folded = try folding.prepare(
            order?.0.folding ?? plan.folded.flatMap(\.layers), leaving: Set(blobs),
            staying: planner.wholeLayers(keepingYoung: plan.keepsYoung))
        try store.rebuildIndex(isForeignKept: true, without: folded)
        let removed = try collection.remove(blobs + folded.sorted()) {
            // What comes back from pieces is not missed.
            try planner.marked(keepingYoung: plan.keepsYoung).filter { !store.blobs.isFolded($0) }
        }
        try dropCommits()
        let pruned = try folding.prune(keeping: planner.marked(keepingYoung: plan.keepsYoung))
        let result = BlobCollection.Result(deleted: removed.deleted + pruned, waiting: removed.waiting)
        try confirmSize()
        return Outcome(
            generations: generations, count: blobs.count, folded: folded.count, blobs: result)
    }

    /// What is there afterwards counts, not what was planned: a plan file may take less, and pieces come back as blobs.
    private func confirmSize() throws {
        guard let most = rules.most else { return }
        let left = try store.blobs.list().reduce(0) { $0 + $1.size }
        if left > most { throw CollectionFault.tooMuchKept(left, most: most) }
    }

    /// The commits that only collected generations were made from.
    private func dropCommits() throws {
        let collected = try store.generations.collected()
        guard !collected.isEmpty else { return }
        let name = { (record: GenerationRecord) in "\(record.id.pipeline) \(record.commit.id)" }
        let kept = try Set(
            store.generations.compactMap { collected[$0.record.id] == nil ? name($0.record) : nil })
        let going = try store.generations.compactMap { found in
            let isGoing = collected[found.record.id] != nil && !kept.contains(name(found.record))
            return isGoing ? (found.record.id.pipeline.text, found.record.commit.id) : nil
        }
        try store.commits.drop(going, program: store.program)
    }

    /// Decides and records it, and does both again where a slot, a pin or a pipeline moved in between.
    private func record(
        _ order: (CollectionOrder, name: String)?, by actor: Actor, now: Timestamp
    ) throws -> (CollectionPlan, [GenerationID]) {
        for _ in 0..<Self.attempts {
            let environments = try store.promotion.policy().environments.map(\.name)
            let all = try store.generations.pipelines()
            let slots = all.flatMap { pipeline in
                environments.map { Slot(pipeline: pipeline, environment: $0) }
            }
            let heads = try store.generations.heads(
                of: all.map(Subject.pipeline) + slots.map(Subject.slot) + [.policy])
            let plan = try CollectionPlanner(store: store, rules: rules, now: now).plan()
            let generations = try order.map { try confirm($0.0, $0.name, in: plan) } ?? plan.dropped.map(\.generation)
            guard !generations.isEmpty else { return (plan, []) }
            do {
                let given = Set(generations)
                let images = try store.generations.compactMap {
                    given.contains($0.record.id) ? $0.record.image : nil
                }
                let collection = ImageCollection(generations: generations, images: images)
                try store.generations.record(collection, expecting: heads, by: actor, clock: clock())
                return (plan, generations)
            } catch LedgerError.lostRace { continue }
        }
        throw LedgerError.lostRace(.store)
    }

    /// What is gone already is no reason to stop, and is not given up twice.
    /// - Returns: the generations whose images go.
    private func confirm(
        _ order: CollectionOrder, _ name: String, in plan: CollectionPlan
    ) throws -> [GenerationID] {
        let collected = try Set(store.generations.collected().keys)
        let kept = Set(order.generations).subtracting(plan.dropped.map(\.generation)).subtracting(collected)
        let held = Set(order.blobs).subtracting(plan.blobs).filter(store.blobs.contains)
        let whole = Set(order.folding).subtracting(plan.folded.flatMap(\.layers)).filter { !store.blobs.isFolded($0) }
        guard kept.isEmpty, held.isEmpty, whole.isEmpty else {
            throw CollectionFault.outdated(
                name, kept.sorted().map(\.description) + held.union(whole).sorted().map(\.short))
        }
        return order.generations.filter { !collected.contains($0) }
    }
}

/// What is left to take of an order.
public struct CollectionRest: Hashable, Sendable {
    /// The generations whose images would go.
    public let generations: [GenerationID]
    /// The blobs that would go.
    public let blobs: [Digest]
}
