import BakeModel

/// How images that are booted stand in a list of parts that is kept.
extension BootSpec {
    var json: JSON { ["boot": .array(images.map(\.json)), "file": .string(name)] }

    /// Reads what `json` wrote; nil for anything else.
    /// - Parameter spec: the name of the spec that it is part of, for messages.
    init?(_ json: JSON, _ spec: String, _ context: SpecContext) throws(SourceFaults) {
        guard let items = json["boot"]?.items, !items.isEmpty, let name = json["file"]?.string else { return nil }
        var images: [BootedImage] = []
        for item in items {
            guard let image = try BootedImage(item, spec, context) else { return nil }
            images.append(image)
        }
        self.init(name: name, images: images)
    }
}

extension BootedImage {
    fileprivate var json: JSON {
        .record([
            "name": .string(name), "image": reference.map(JSON.string), "configuration": settings.json,
            "after": .array(predecessors.map(JSON.string)), "spec": spec.list,
        ])
    }

    fileprivate init?(_ json: JSON, _ name: String, _ context: SpecContext) throws(SourceFaults) {
        guard let host = json["name"]?.string, let spec = json["spec"],
            let settings = json["configuration"].flatMap(ImageConfiguration.init)
        else { return nil }
        self.init(
            name: host, reference: json["image"]?.string, settings: settings,
            predecessors: json["after"]?.items?.compactMap(\.string) ?? [],
            spec: try Spec(kept: spec, name, with: context))
    }
}
