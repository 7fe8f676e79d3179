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

    /// What was recorded.
    typealias Recorded = (outcome: BuildRecord.Outcome, generation: GenerationRecord?, entry: Int64)

    func record() throws -> Recorded {
        let facts = try verdictFacts()
        guard !nodes.contains(where: { $0.error != nil }), let image else {
            return (.failed, nil, try record(.failed, facts))
        }
        if request.isDraft { return (.draft, nil, try record(.draft, facts)) }
        let evidence = try EvidenceAssembler(store: store.blobs).assemble(evidence(), about: image)
        let spec = inputs.spec?.digest
        let recorded = try store.generations.record(
            PassedBuild(
                build: build(.made, facts), spec: spec,
                generation: { id in
                    GenerationRecord(
                        id: id, image: image.manifest, imageSize: image.manifestSize, evidence: evidence.manifest,
                        evidenceSize: evidence.size, commit: inputs.commitFacts, source: inputs.checkout.source,
                        pipelineFile: Digest.of(inputs.pipelineBytes), pipelinePath: inputs.location.file.description,
                        lockFile: inputs.lockBytes.map { Digest.of($0) },
                        spec: spec, verdict: facts, builder: request.builder(of: inputs.pipeline),
                        arguments: inputs.pipeline.arguments, bases: bases)
                }),
            by: request.actor, clock: request.clock())
        return (recorded.outcome, recorded.generation, recorded.entry)
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
        try verdict.map {
            VerdictFacts(
                passed: $0.passed, failed: $0.failed, skipped: $0.skipped,
                digest: try store.blobs.put($0.json.canonicalBytes))
        }
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
            documents.append(
                Evidence.Document(title: spec.name, mediaType: "application/yaml", bytes: Array(spec.text.utf8)))
        }
        if let verdict {
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
