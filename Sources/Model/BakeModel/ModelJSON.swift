// How the nouns of an image are written where bake keeps them for itself: caches, helper requests, records.

extension Layer {
    /// The layer as kept.
    public var json: JSON {
        .record([
            "blob": .string(blob.description), "size": .number(Int64(clamping: size)),
            "diff": .string(diffID.description), "tar": .number(Int64(clamping: tarSize)),
        ])
    }

    /// Reads what `json` wrote; nil where a member is missing or malformed.
    public init?(_ json: JSON) {
        guard let blob = json["blob"]?.namedDigest, let size = json["size"]?.size, let diff = json["diff"]?.namedDigest,
            let tarSize = json["tar"]?.size
        else { return nil }
        self.init(blob: blob, size: size, diffID: DiffID(diff), tarSize: tarSize)
    }
}

extension ImageConfiguration {
    /// The configuration as kept.
    public var json: JSON {
        let list: ([String]) -> JSON = { .array($0.map(JSON.string)) }
        return .record([
            "entrypoint": entrypoint.map(list), "cmd": command.map(list), "env": list(environment),
            "ports": list(ports), "user": user.map(JSON.string), "workdir": workingDirectory.map(JSON.string),
            "labels": .object(labels.mapValues(JSON.string)), "stop-signal": stopSignal.map(JSON.string),
            "volumes": list(volumes),
        ])
    }

    /// Reads what `json` wrote; nil where it is no object.
    public init?(_ json: JSON) {
        guard json.members != nil else { return nil }
        self.init(
            entrypoint: json["entrypoint"]?.strings, command: json["cmd"]?.strings,
            environment: json["env"]?.strings ?? [], ports: json["ports"]?.strings ?? [],
            user: json["user"]?.string, workingDirectory: json["workdir"]?.string,
            labels: json["labels"]?.members?.compactMapValues(\.string) ?? [:],
            stopSignal: json["stop-signal"]?.string, volumes: json["volumes"]?.strings ?? [])
    }
}

extension Image {
    /// The image as kept.
    public var json: JSON {
        .record([
            "manifest": .string(manifest.description), "manifest-size": .number(Int64(clamping: manifestSize)),
            "config": .string(configurationDigest.description), "layers": .array(layers.map(\.json)),
            "configuration": configuration.json, "architecture": .string(architecture),
        ])
    }

    /// Reads what `json` wrote; nil where a member is missing or malformed.
    public init?(_ json: JSON) {
        guard let manifest = json["manifest"]?.namedDigest, let size = json["manifest-size"]?.size,
            let config = json["config"]?.namedDigest, let layers = json["layers"]?.all(Layer.init),
            let configuration = json["configuration"].flatMap(ImageConfiguration.init),
            let architecture = json["architecture"]?.string
        else { return nil }
        self.init(
            manifest: manifest, manifestSize: size, configurationDigest: config, layers: layers,
            configuration: configuration, architecture: architecture)
    }
}

extension JSON {
    /// The digest that a string spells; nil for every other value.
    public var namedDigest: Digest? { string.flatMap { Digest($0) } }

    /// A number of bytes, at least 0; nil for every other value.
    public var size: UInt64? { number.flatMap { UInt64(exactly: $0) } }

    /// The strings of an array of nothing else; nil for every other value.
    public var strings: [String]? { all(\.string) }

    /// The items of an array, each read; nil where this is no array or one item cannot be read.
    public func all<Item>(_ read: (JSON) -> Item?) -> [Item]? {
        guard let items else { return nil }
        let values = items.compactMap(read)
        return values.count == items.count ? values : nil
    }
}
