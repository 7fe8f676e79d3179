import BakeModel
import BlobStorage

/// Applies edits to the root that layers make together, and packs what changed.
struct EditTask: RootTask {
    static let name = "edit"
    let layers: [Layer]
    let edits: [TreeEdit]

    init(layers: [Layer], edits: [TreeEdit]) {
        self.layers = layers
        self.edits = edits
    }

    init(_ message: TaskMessage) throws {
        layers = try message.layers("layers")
        edits = try message.list("edits", TreeEdit.init(message:))
    }

    var message: JSON { ["layers": .array(layers.map(\.json)), "edits": .array(edits.map(\.message))] }

    func perform(in workplace: Workplace) throws -> JSON {
        let root = try mount(layers, for: .editing, in: workplace)
        let editor = TreeEditor(root: try root.open())
        for edit in edits { try editor.apply(edit) }
        return try packLayer(in: workplace) { try root.packChanges(to: $0) }.json
    }
}
