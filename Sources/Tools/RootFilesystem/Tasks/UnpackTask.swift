import BakeModel
import BlobStorage

/// Unpacks layers into the cache.
struct UnpackTask: RootTask {
    static let name = "unpack"
    let layers: [Layer]

    init(layers: [Layer]) { self.layers = layers }

    init(_ message: TaskMessage) throws { layers = try message.layers("layers") }

    var message: JSON { ["layers": .array(layers.map(\.json))] }

    func perform(in workplace: Workplace) throws -> JSON {
        try LayerCache(store: workplace.store).unpack(layers)
        return .null
    }
}
