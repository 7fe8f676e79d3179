import BakeModel

/// What the helper is asked: a spec, an image, and how long it may take to be as expected.
struct SpecRequest: Hashable {
    /// The store's path.
    var store: String
    /// The directory for what is unfinished and what can be made again; the store's path where the user may write to it.
    var workspace: String
    /// The spec's text and the name of its file.
    var text: String
    var name: String
    /// The image's layers, the lowest first.
    var layers: [Layer]
    var configuration: ImageConfiguration
    /// How long what is asked of the running image may take to become so.
    var milliseconds: Int64

    /// The request's text.
    var json: JSON {
        [
            "store": .string(store), "workspace": .string(workspace), "text": .string(text), "name": .string(name),
            "milliseconds": .number(milliseconds),
            "layers": .array(layers.map(\.json)), "configuration": configuration.json,
        ]
    }
}

extension SpecRequest {
    /// Reads what `json` wrote; nil where a member is missing or malformed.
    init?(_ json: JSON) {
        guard let store = json["store"]?.string, let workspace = json["workspace"]?.string,
            let text = json["text"]?.string, let name = json["name"]?.string,
            let milliseconds = json["milliseconds"]?.number, let layers = json["layers"]?.all(Layer.init),
            let configuration = json["configuration"].flatMap(ImageConfiguration.init)
        else { return nil }
        self.init(
            store: store, workspace: workspace, text: text, name: name, layers: layers, configuration: configuration,
            milliseconds: milliseconds)
    }
}
