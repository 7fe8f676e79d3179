import BakeModel
import EnvironmentPromotion
import ImageAssembly
import SpecRun

/// The operator's own checks of an environment: run once on an image, and again after a failure.
struct OperatorChecks {
    let store: BakeStore
    let document: PolicyDocument

    /// Runs them on those images that have not passed them.
    /// - Parameter repeatsFailures: whether they are run again where they failed before.
    /// - Returns: what was found and not recorded, since a dry run writes nothing.
    func run(
        on generations: [GenerationRecord], repeatsFailures: Bool, for request: EnvironmentPromotion.Request
    ) throws -> [TestRecord] {
        var unrecorded: [TestRecord] = []
        for generation in generations {
            let hasPassed = try store.promotion.hasPassed(document.digest, generation.image)
            if hasPassed == true || hasPassed == false && !repeatsFailures { continue }
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
                _ = try store.ledger.append([test.act], by: request.actor, clock: request.clock)
            }
        }
        return unrecorded
    }

    private func verdict(on image: Digest) throws -> Verdict {
        let image = try ImageReader(store: store.blobs).read(image)
        return try SpecRunner(store: store.blobs, program: store.program).run(
            try Spec(parsing: document.text, name: document.name),
            on: .image(layers: image.layers, configuration: image.configuration))
    }
}
