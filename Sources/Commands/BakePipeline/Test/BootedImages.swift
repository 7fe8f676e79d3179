import BakeModel
import ImageAssembly
import SpecRun

/// The images that a spec boots beside the one that is tested, found once before anything is asked: what a slot holds may
/// change while it runs.
struct BootedImages: Sendable {
    let images: [String: SpecSurroundings.Image]

    /// None.
    static let none = BootedImages(images: [:])

    private init(images: [String: SpecSurroundings.Image]) { self.images = images }

    /// Finds them all in a store.
    /// - Parameter pipeline: what a bare `42` or `production` belongs to; the store's only pipeline where nil.
    /// - Throws: `UnknownReference` for the first that is not there.
    init(of spec: Spec, for pipeline: PipelineName?, in store: BakeStore, clock: LocalClock) throws {
        let resolver = ReferenceResolver(store: store, pipeline: pipeline, clock: clock)
        images = try Dictionary(
            uniqueKeysWithValues: spec.images.map { reference in
                let image = try store.image(try resolver.resolve(reference))
                let root = StageRoot(layers: image.layers, configuration: image.configuration)
                return (reference, SpecSurroundings.Image(digest: image.manifest, root: root))
            })
    }

    /// Finds those that a bake's spec names. Times in its references are UTC: the bake depends on no machine's zone.
    init(of inputs: BakeInputs, in store: BakeStore, for request: BakeRequest) throws {
        guard let spec = inputs.spec else {
            self = .none
            return
        }
        try self.init(
            of: spec, for: inputs.pipeline.name, in: store, clock: LocalClock(now: request.clock()) { _ in 0 })
    }

    /// What tells these from others, in the order of the references.
    var digests: [(reference: String, digest: Digest)] {
        images.map { (reference: $0.key, digest: $0.value.digest) }.sorted { $0.reference < $1.reference }
    }
}
