import BakeModel

/// What the helper is asked: a spec, an image, and how long it may take to be as expected.
struct SpecRequest: Hashable {
    /// The store's path.
    var store: String
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
            "store": .string(store), "text": .string(text), "name": .string(name),
            "milliseconds": .number(milliseconds),
            "layers": .array(layers.map(\.request)), "configuration": configuration.request,
        ]
    }
}

extension SpecRequest {
    /// Reads what `json` wrote; nil where a member is missing or malformed.
    init?(_ json: JSON) {
        guard let store = json["store"]?.string, let text = json["text"]?.string, let name = json["name"]?.string,
            let milliseconds = json["milliseconds"]?.number, let items = json["layers"]?.items,
            let configuration = json["configuration"].map(ImageConfiguration.init(request:))
        else { return nil }
        let layers = items.compactMap(Layer.init(request:))
        guard layers.count == items.count else { return nil }
        self.init(
            store: store, text: text, name: name, layers: layers, configuration: configuration,
            milliseconds: milliseconds)
    }
}

extension Layer {
    fileprivate var request: JSON {
        [
            "blob": .string(blob.description), "size": .number(Int64(clamping: size)),
            "diffID": .string(diffID.description), "tarSize": .number(Int64(clamping: tarSize)),
        ]
    }

    fileprivate init?(request json: JSON) {
        guard let blob = json["blob"]?.string.flatMap({ Digest($0) }),
            let diffID = json["diffID"]?.string.flatMap({ Digest($0) }),
            let size = json["size"]?.number.flatMap(UInt64.init(exactly:)),
            let tarSize = json["tarSize"]?.number.flatMap(UInt64.init(exactly:))
        else { return nil }
        self.init(blob: blob, size: size, diffID: DiffID(diffID), tarSize: tarSize)
    }
}

extension ImageConfiguration {
    /// What starting its process needs.
    fileprivate var request: JSON {
        .record([
            "arguments": .array(processArguments.map(JSON.string)), "user": user.map(JSON.string),
            "environment": .array(environment.map(JSON.string)), "directory": workingDirectory.map(JSON.string),
        ])
    }

    fileprivate init(request json: JSON) {
        self.init(
            command: json["arguments"]?.items?.compactMap(\.string),
            environment: json["environment"]?.items?.compactMap(\.string) ?? [], user: json["user"]?.string,
            workingDirectory: json["directory"]?.string)
    }
}
