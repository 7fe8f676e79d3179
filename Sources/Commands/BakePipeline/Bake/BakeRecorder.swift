import BakeModel
import BlobStorage
import GenerationLog
import ImageAssembly
import SpecRun

/// Writes down what became of a bake: verdict and evidence as blobs, then the entry.
struct BakeRecorder {
    let store: BakeStore
    let inputs: BakeInputs
    let request: BakeRequest
    let nodes: [BakeOutcome.Node]
    let image: Image?
    let verdict: Verdict?
    let bases: [BaseFacts]
    let start: Int64

    /// What was recorded.
    typealias Recorded = (outcome: BuildRecord.Outcome, generation: GenerationRecord?, entry: Int64)

    func record() throws -> Recorded {
        let facts = try verdictFacts()
        guard !nodes.contains(where: { $0.error != nil }), let image else {
            return (.failed, nil, try record(.failed, facts))
        }
        let evidence = try EvidenceAssembler(store: store.blobs).assemble(evidence(), about: image)
        let passed = PassedBuild(
            build: build(request.isDraft ? .draft : .made, facts), spec: inputs.spec?.digest,
            generation: { try statements(about: image).complete(generation($0, image, facts, evidence)) })
        let recorded = try store.generations.record(passed, by: request.actor, clock: request.clock())
        return (recorded.outcome, recorded.generation, recorded.entry)
    }

    private func generation(
        _ id: GenerationID, _ image: Image, _ verdict: VerdictFacts?, _ evidence: (manifest: Digest, size: UInt64)
    ) -> GenerationRecord {
        GenerationRecord(
            id: id, image: image.manifest, imageSize: image.manifestSize, evidence: evidence.manifest,
            evidenceSize: evidence.size, commit: inputs.commitFacts, source: inputs.checkout.source,
            pipelineFile: Digest.of(inputs.pipelineBytes), pipelinePath: inputs.location.file.description,
            lockFile: inputs.lockBytes.map { Digest.of($0) }, spec: inputs.spec?.digest, verdict: verdict,
            builder: request.builder(of: inputs.pipeline), arguments: inputs.pipeline.arguments, bases: bases)
    }

    private func statements(about image: Image) throws -> GenerationEvidence {
        let end = request.clock()
        if let key = request.key {
            try MoveEvidence(store: store, key: key, actor: request.actor, clock: request.clock).begin()
        }
        return GenerationEvidence(
            store: store, key: request.key, image: image, lock: inputs.lock,
            stages: nodes.map(BuildRecord.Stage.init), verdict: verdict,
            times: (Timestamp(milliseconds: end.milliseconds - (request.ticks() - start)), end))
    }

    private func record(_ outcome: BuildRecord.Outcome, _ facts: VerdictFacts?) throws -> Int64 {
        try store.generations.record(
            unnumbered: build(outcome, facts), by: request.actor, clock: request.clock())
    }

    private func build(_ outcome: BuildRecord.Outcome, _ facts: VerdictFacts?) -> BuildRecord {
        BuildRecord(
            pipeline: inputs.pipeline.name, commit: inputs.commitFacts, source: inputs.checkout.source,
            outcome: outcome,
            stages: nodes.map(BuildRecord.Stage.init),
            image: image?.manifest, verdict: facts, generation: nil)
    }

    private func verdictFacts() throws -> VerdictFacts? {
        try verdictRecord.map { try VerdictFacts($0, in: store.blobs) }
    }

    private var verdictRecord: VerdictRecord? {
        guard let verdict, let image, let spec = inputs.spec else { return nil }
        return VerdictRecord(
            verdict, image: image.manifest, spec: spec.digest, name: spec.name, tool: request.builder)
    }

    private func evidence() -> Evidence {
        var documents = [
            Evidence.Document(
                title: inputs.location.file.description, mediaType: "application/yaml", bytes: inputs.pipelineBytes)
        ]
        if let lock = inputs.lockBytes {
            documents.append(
                Evidence.Document(title: inputs.lockName.description, mediaType: "application/json", bytes: lock))
        }
        if let spec = inputs.spec {
            let (mediaType, text) = spec.document
            let title = mediaType == "application/yaml" ? spec.name : "spec.json"
            documents.append(Evidence.Document(title: title, mediaType: mediaType, bytes: Array(text.utf8)))
        }
        if let verdict = verdictRecord {
            documents.append(
                Evidence.Document(
                    title: "verdict.json", mediaType: "application/vnd.bake.verdict.v1+json",
                    bytes: verdict.json.canonicalBytes))
        }
        return Evidence(documents: documents)
    }
}

extension BuildRecord.Stage {
    /// What the ledger keeps of a node.
    fileprivate init(_ node: BakeOutcome.Node) {
        self.init(
            name: node.name, state: node.state, start: node.start, milliseconds: node.milliseconds, why: node.why,
            key: node.key, earlierKey: node.earlierKey, output: node.output)
    }
}
