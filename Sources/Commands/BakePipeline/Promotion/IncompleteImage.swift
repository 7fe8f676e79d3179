import BakeModel
import ImageAssembly

/// An image that the store should have and has not whole.
public struct IncompleteImage: ExplainedError, Hashable {
    /// The generation.
    public let generation: GenerationID
    /// The blob that is not there or not as long as it should be, or why that cannot be told.
    public let detail: String

    /// Looks whether the manifest, the configuration and the layers of an image are there, each as long as it should be. What
    /// is in the layers is not read: that is what `bake fsck` does.
    /// - Returns: nil where all are there.
    public init?(of generation: GenerationID, _ image: Digest, in store: BakeStore) {
        do {
            let image = try ImageReader(store: store.blobs).read(image)
            for layer in image.layers {
                // A folded layer has its size, too: it comes back when it is asked for.
                let size = try store.blobs.size(layer.blob)
                guard size == layer.size else {
                    self.init(generation, "its layer \(layer.blob.short) has \(size) bytes, not \(layer.size)")
                    return
                }
            }
            return nil
        } catch {
            let fault = error as? any ExplainedError
            self.init(generation, fault.map { "\($0.subject): \($0.reason)" } ?? String(describing: error))
        }
    }

    private init(_ generation: GenerationID, _ detail: String) {
        self.generation = generation
        self.detail = detail
    }

    public var doing: String { "use the image of" }
    public var subject: String { generation.description }
    public var reason: String { "the store has not all of it: \(detail)" }
    public var hint: String? { "make the same bytes again: bake rebake \(generation)" }
    public var exit: ExitCode { .damaged }
}
