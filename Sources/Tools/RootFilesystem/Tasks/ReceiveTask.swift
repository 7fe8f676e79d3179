import BakeModel
import BlobStorage

/// Unpacks a layer into the cache while it is packed.
struct ReceiveTask: PlainTask {
    static let name = "receive"

    func perform(in workplace: Workplace) throws -> JSON {
        try LayerCache(store: workplace.store).receive(
            try RootDescriptor.inputs.taken, named: try RootDescriptor.name.taken)
        return .null
    }
}
