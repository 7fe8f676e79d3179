import BakeModel
import BlobStorage

/// Removes the unpacked layers that nobody uses.
struct CacheRemovalTask: RootTask {
    static let name = "removeCache"

    init() {}

    init(_ message: TaskMessage) {}

    var message: JSON { [:] }

    func perform(in workplace: Workplace) throws -> JSON {
        try LayerCache(store: workplace.store).removeAll()
        return .null
    }
}
