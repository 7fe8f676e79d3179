/// A layer, and what made it: one line of an image's history.
public struct HistoryLayer: Hashable, Sendable {
    /// The layer.
    public let layer: Layer
    /// What made it, `os: debian bookworm, 118 packages`.
    public let createdBy: String

    /// Describes a layer of an image.
    public init(layer: Layer, createdBy: String) {
        self.layer = layer
        self.createdBy = createdBy
    }
}
