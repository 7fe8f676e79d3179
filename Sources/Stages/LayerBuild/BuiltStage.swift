import BakeModel
import StageEngine

/// What a stage became: the layers of its root, or the files that leave it.
public struct BuiltStage: Hashable, Sendable, StageValue {
    /// The layers of its root, the lowest first.
    public let layers: [HistoryLayer]
    /// The files of `output:`, in a layer of their own; nil for a stage without.
    public let output: Layer?
    /// How programs of its root are started.
    public let configuration: ImageConfiguration

    /// Describes a stage that was built.
    public init(layers: [HistoryLayer], output: Layer?, configuration: ImageConfiguration) {
        self.layers = layers
        self.output = output
        self.configuration = configuration
    }

    /// The bare layers.
    public var rootLayers: [Layer] { layers.map(\.layer) }

    /// Every blob that must be in the store for this to hold.
    public var blobs: [Digest] { rootLayers.map(\.blob) + (output.map { [$0.blob] } ?? []) }

    /// What another stage's key says of this one's root: its files, and what made them, as that stands in the image.
    public var rootIdentity: String {
        let made = layers.map { JSON.array([.string($0.layer.diffID.description), .string($0.createdBy)]) }
        return JSON.array(made + [configuration.json]).digest.description
    }

    public var json: JSON {
        .record([
            "layers": .array(
                layers.map { ["layer": $0.layer.json, "by": .string($0.createdBy)] }),
            "output": output?.json, "configuration": configuration.json,
        ])
    }

    public init?(_ json: JSON) {
        guard
            let layers = json["layers"]?.all({ item -> HistoryLayer? in
                guard let layer = item["layer"].flatMap(Layer.init), let by = item["by"]?.string else { return nil }
                return HistoryLayer(layer: layer, createdBy: by)
            }),
            let configuration = json["configuration"].flatMap(ImageConfiguration.init)
        else { return nil }
        self.init(
            layers: layers, output: json["output"].flatMap(Layer.init), configuration: configuration)
    }
}
