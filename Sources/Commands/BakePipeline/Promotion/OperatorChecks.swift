import BakeModel
import EnvironmentPromotion
import ImageAssembly
import Signing
import SpecRun

/// The operator's own checks of an environment: run once on an image, and again after a failure.
struct OperatorChecks {
    let store: BakeStore
    let document: PolicyDocument
    /// What signs what they find; nil where nothing does.
    let key: SigningKey?
    /// The keys whose word alone counts; nil where anybody's does.
    let builders: [PolicyDocument]?

    /// Runs them on those images that have not passed them.
    /// - Parameter repeatsFailures: whether they are run again where they failed before.
    /// - Returns: what was found and not recorded, since a dry run writes nothing.
    func run(
        on generations: [GenerationRecord], repeatsFailures: Bool, for request: EnvironmentPromotion.Request
    ) throws -> [TestRecord] {
        var unrecorded: [TestRecord] = []
        for generation in generations {
            guard try isWanted(generation.image, repeatsFailures) else { continue }
            let verdict = try verdict(on: generation.image)
            let bytes = verdict.json.canonicalBytes
            let facts = VerdictFacts(
                passed: verdict.passed, failed: verdict.failed, skipped: verdict.skipped,
                digest: request.isDryRun ? Digest.of(bytes) : try store.blobs.put(bytes))
            let test = TestRecord(
                image: generation.image, spec: document.digest, name: document.name, verdict: facts)
            if request.isDryRun {
                unrecorded.append(test)
            } else {
                let recorder = FindingRecorder(store: store, key: key, actor: request.actor, clock: request.clock)
                _ = try recorder.record(test, verdict, of: generation)
            }
        }
        return unrecorded
    }

    /// Whether they are to be run: not where they passed, but where that does not count and it would now.
    private func isWanted(_ image: Digest, _ repeatsFailures: Bool) throws -> Bool {
        guard let (test, previous) = try store.promotion.latestTest(by: document.digest, of: image) else { return true }
        if test.verdict.failed > 0 { return repeatsFailures }
        let search = BuilderSearch(store: store, key: key)
        guard let builders, try search.isBuilder(among: builders) else { return false }
        let place = FindingPlace(store: try store.identity(), previous: previous)
        return try !search.proofs.test(test, place, builders)
    }

    private func verdict(on image: Digest) throws -> Verdict {
        let image = try ImageReader(store: store.blobs).read(image)
        return try SpecRunner(store: store.blobs, program: store.program).run(
            try Spec(parsing: document.text, name: document.name),
            on: .image(layers: image.layers, configuration: image.configuration))
    }
}
