import BakeModel
import BlobStorage

/// Removes the unpacked layers that nobody uses.
struct CacheRemovalTask: PlainTask {
    static let name = "removeCache"

    func perform(in workplace: Workplace) throws -> JSON {
        try LayerCache(store: workplace.store).removeAll()
        return .null
    }
}
