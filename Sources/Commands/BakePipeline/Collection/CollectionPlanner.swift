import AuditTrail
import BakeModel
import BlobStorage
import GenerationLog

/// Ledger and blobs → what may go.
struct CollectionPlanner {
    let store: BakeStore
    let rules: CollectionRules
    let now: Timestamp

    /// Finds out what nothing keeps.
    func plan() throws -> CollectionPlan {
        let gentle = try plan(keepingYoung: true)
        guard let most = rules.most, gentle.left > most else { return gentle }
        return try plan(keepingYoung: false)
    }

    /// Every blob that must stay, as a blob or as pieces, when a plan is carried out: also what was baked since, for which
    /// that plan gave up nothing.
    func marked(keepingYoung: Bool) throws -> Set<Digest> {
        let survey = try survey(keepingYoung: keepingYoung)
        return try survey.marked.union(mark(survey.found.map(\.record), keepingYoung))
    }

    /// The layers of images that must stay blobs.
    func wholeLayers(keepingYoung: Bool) throws -> [Digest] {
        let survey = try survey(keepingYoung: keepingYoung)
        let kept = survey.found.filter { survey.reasons.reasons[$0.record.id] != nil }
        return kept.flatMap { store.blobs.layers(of: $0.record.image) }
    }

    /// What a plan is made from.
    private struct Survey {
        let found: [GenerationLog.Found]
        let reasons: ImageReasons
        let blobs: [BlobStore.Listed]
        /// What must stay, as a blob or as pieces.
        let marked: Set<Digest>
        /// What must stay as a blob.
        let whole: Set<Digest>
    }

    private func plan(keepingYoung: Bool) throws -> CollectionPlan {
        let survey = try survey(keepingYoung: keepingYoung)
        let kept = survey.found.compactMap { found in
            survey.reasons.reasons[found.record.id].map {
                CollectionPlan.Kept(generation: found.record.id, reasons: $0)
            }
        }
        let sizes = Dictionary(survey.blobs.map { ($0.digest, $0.size) }) { $1 }
        var going = Set(survey.blobs.filter { isLoose($0, survey.marked, keepingYoung) }.map(\.digest))
        let images = try dropped(survey, sizes, &going)
        let bytes = going.reduce(0) { $0 + (sizes[$1] ?? 0) }
        let loose = going.subtracting(images.blobs)
        return CollectionPlan(
            kept: kept.sorted { $0.generation < $1.generation }, folded: try folded(survey, sizes),
            dropped: images.dropped.sorted { $0.generation < $1.generation }, blobs: going.sorted(),
            loose: (loose.count, loose.reduce(0) { $0 + (sizes[$1] ?? 0) }), bytes: bytes,
            left: survey.blobs.reduce(0) { $0 + $1.size } - bytes, rules: rules, keepsYoung: keepingYoung)
    }

    private func survey(keepingYoung: Bool) throws -> Survey {
        var rules = rules
        if !keepingYoung { rules.age = 0 }
        let collected = try store.generations.collected()
        let found = try store.generations.compactMap { collected[$0.record.id] == nil ? $0 : nil }
        // The blobs first: what is written after them is not on the list, and so does not go.
        let blobs = try store.blobs.list()
        let reasons = try ImageReasons(of: found, in: store, rules: rules, now: now)
        let kept = found.filter { reasons.reasons[$0.record.id] != nil }
        let whole = try mark(kept.map(\.record), keepingYoung)
        let marked = rules.folds ? try whole.union(mark(found.map(\.record), keepingYoung)) : whole
        return Survey(found: found, reasons: reasons, blobs: blobs, marked: marked, whole: whole)
    }

    /// Every blob that must stay.
    private func mark(_ kept: [GenerationRecord], _ keepingYoung: Bool) throws -> Set<Digest> {
        let evidence = EvidenceRoots(store: store)
        let drafts = try store.generations.pipelines().flatMap { try store.generations.builds(of: $0, limit: .max) }
        let images = try Set(store.generations.compactMap(\.record.image) + drafts.compactMap(\.record.image))
        // What came after the plan was made is young whatever the rules say: the plan did not look at it.
        let oldest = now.milliseconds - (keepingYoung ? rules.age * 1_000 : 0)
        let young = drafts.filter { $0.entry.time.milliseconds > oldest }
        return try store.blobs.reachable(
            from: kept.map { EvidenceRoots.manifest($0.image, $0.imageSize) }
                + young.compactMap { $0.record.image.map { EvidenceRoots.manifest($0, 0) } }
                + evidence.lasting(images: images) + evidence.tags(of: kept.map(\.image))
                + kept.flatMap(evidence.pinned)
                + (keepingYoung ? evidence.lastResults() : []))
    }

    private func isLoose(_ blob: BlobStore.Listed, _ marked: Set<Digest>, _ keepingYoung: Bool) -> Bool {
        guard !marked.contains(blob.digest) else { return false }
        return !keepingYoung || blob.written.seconds <= now.seconds - rules.age
    }

    /// The images that nothing keeps, with all their blobs that nothing else holds, however young their files are.
    private func dropped(
        _ survey: Survey, _ sizes: [Digest: UInt64], _ going: inout Set<Digest>
    ) throws -> (dropped: [CollectionPlan.Dropped], blobs: Set<Digest>) {
        var dropped: [CollectionPlan.Dropped] = []
        var counted: Set<Digest> = []
        // Their layers are folded instead.
        if rules.folds { return (dropped, counted) }
        for found in survey.found where survey.reasons.reasons[found.record.id] == nil {
            let image = EvidenceRoots.manifest(found.record.image, found.record.imageSize)
            // The list of its evidence behind its tag goes with it; the evidence does not.
            let tags = try EvidenceRoots(store: store).tags(of: [found.record.image]).map(\.digest)
            let blobs = try store.blobs.reachable(from: [image]).union(tags)
            let own = blobs.subtracting(survey.marked).subtracting(counted)
            counted.formUnion(own)
            going.formUnion(own.filter { sizes[$0] != nil })
            dropped.append(
                CollectionPlan.Dropped(
                    generation: found.record.id, reason: try reason(found),
                    freed: own.reduce(0) { $0 + (sizes[$1] ?? 0) },
                    shared: blobs.subtracting(own).reduce(0) { $0 + (sizes[$1] ?? 0) }))
        }
        return (dropped, counted)
    }

    /// The images that nothing keeps, where their layers are to be folded.
    private func folded(_ survey: Survey, _ sizes: [Digest: UInt64]) throws -> [CollectionPlan.Folded] {
        guard rules.folds else { return [] }
        var seen: Set<Digest> = []
        return try survey.found.filter { survey.reasons.reasons[$0.record.id] == nil }
            .sorted { $0.record.id < $1.record.id }
            .compactMap { found in
                let layers = store.blobs.layers(of: found.record.image).filter {
                    sizes[$0] != nil && !survey.whole.contains($0) && seen.insert($0).inserted
                }
                guard !layers.isEmpty else { return nil }
                return CollectionPlan.Folded(
                    generation: found.record.id, reason: try reason(found), layers: layers,
                    bytes: layers.reduce(0) { $0 + (sizes[$1] ?? 0) })
            }
    }

    private func reason(_ found: GenerationLog.Found) throws -> String {
        let age = "\(max(0, now.seconds - found.entry.time.seconds) / 86_400) days old"
        let environments = try store.audit.spans(of: found.record.image).map(\.slot.environment.text)
        guard !environments.isEmpty else { return "never promoted, \(age)" }
        return "no longer in \(Set(environments).sorted().joined(separator: ", ")), \(age)"
    }
}
