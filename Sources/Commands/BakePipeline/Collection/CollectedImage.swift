import BakeModel
import BlobStorage
import ImageAssembly

extension BakeStore {
    /// The image that a reference named.
    /// - Throws: `CollectedImage`; what `ImageReader` throws.
    public func image(_ found: ResolvedReference) throws -> Image {
        do { return try ImageReader(store: blobs).read(found.image) } catch StoreError.missing(let digest) {
            guard let id = found.generation?.id, let entry = try generations.collected()[id] else {
                throw StoreError.missing(digest)
            }
            throw CollectedImage(generation: id, entry: entry)
        }
    }
}

/// An image that was given up to make room.
public struct CollectedImage: ExplainedError, Hashable {
    /// The generation.
    public let generation: GenerationID
    /// The entry that gave it up.
    public let entry: Int64

    public var doing: String { "read the image of" }
    public var subject: String { generation.description }
    public var reason: String { "it was collected (entry \(entry)); its record and evidence are there" }
    public var hint: String? { "make the same bytes again: bake rebake \(generation)" }
    public var exit: ExitCode { .notFound }
}
