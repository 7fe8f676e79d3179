import BakeModel
import BlobStorage

/// Unpacks a layer into the cache while it is packed.
struct ReceiveTask: RootTask {
    static let name = "receive"

    init() {}

    init(_ message: TaskMessage) {}

    var message: JSON { [:] }

    func perform(in workplace: Workplace) throws -> JSON {
        try LayerCache(store: workplace.store).receive(
            try RootDescriptor.inputs.taken, named: try RootDescriptor.name.taken)
        return .null
    }
}
