import BakeModel
import ImageAssembly
import ImageComparison

/// One side of a comparison, with what is recorded of it.
public struct ComparisonSide: Sendable {
    /// What people call it: `web@42`, a digest, a directory.
    public let title: String
    /// The image; nil for a directory.
    public let image: Image?
    /// The generation; nil for a directory, and for an image without a number.
    public let record: GenerationRecord?
    /// Its files.
    public let root: ComparedRoot

    /// An image that a reference named.
    public init(_ found: ResolvedReference, in store: BakeStore) throws {
        let image = try store.image(found)
        title = found.generation?.id.description ?? found.image.short
        self.image = image
        record = found.generation
        root = .image(image.layers, store.blobs)
    }

    /// A directory that is a root.
    /// - Parameter path: absolute.
    public init(directory path: String) {
        title = path
        image = nil
        record = nil
        root = .directory(path)
    }
}
