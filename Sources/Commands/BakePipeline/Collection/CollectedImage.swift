import BakeModel
import BlobStorage
import GenerationLog
import ImageAssembly
import LedgerDatabase

extension BakeStore {
    /// The entry that gave a generation's image up, in a snapshot; nil where the image is there.
    public func collection(of generation: GenerationID, in transaction: ViewTransaction) throws -> Int64? {
        try GenerationLog.collection(of: generation, in: transaction)
    }

    /// Where a rollback of a slot would go; nil where it would go nowhere.
    func rollbackTarget(of slot: Slot) throws -> GenerationID? {
        try promotion.rollbackTarget(of: slot) { try collection(of: $1, in: $0) }
    }

    /// The command that takes away what a slot holds: back where that leads anywhere, else on to something else.
    public func wayOut(of slot: Slot) throws -> String {
        try rollbackTarget(of: slot) == nil ? "bake promote GENERATION \(slot.environment)" : "bake rollback \(slot)"
    }

    /// The slots that hold an image, each with the command that takes it away from there.
    public func standing(of image: Digest) throws -> [StandingImage] {
        try promotion.slots(depth: 1).filter { $0.current?.image == image }.map {
            StandingImage(slot: $0.slot, wayOut: try wayOut(of: $0.slot))
        }
    }

    /// The image that a reference named.
    /// - Throws: `CollectedImage`; what `ImageReader` throws.
    public func image(_ found: ResolvedReference) throws -> Image {
        do { return try ImageReader(store: blobs).read(found.image) } catch StoreError.missing(let digest) {
            guard let id = found.generation?.id, let entry = try generations.collection(of: id) else {
                throw StoreError.missing(digest)
            }
            throw CollectedImage(generation: id, entry: entry)
        }
    }
}

/// A slot that holds what it had better not.
public struct StandingImage: Hashable, Sendable {
    /// The slot.
    public let slot: Slot
    /// The command that takes it away from there.
    public let wayOut: String
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
