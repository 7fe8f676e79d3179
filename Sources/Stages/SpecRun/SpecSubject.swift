import BakeModel

/// What a spec is run on.
public enum SpecSubject: Hashable, Sendable {
    /// An image: its layers, the lowest first, and how its process is started.
    case image(layers: [Layer], configuration: ImageConfiguration)
    /// A directory of this machine that is a root; `/` is the machine itself, with what runs on it.
    case directory(String)
}

/// The root of a stage, for commands that look at the image from there.
public struct StageRoot: Hashable, Sendable {
    /// Its layers, the lowest first.
    public let layers: [Layer]
    /// How programs of it are started.
    public let configuration: ImageConfiguration

    /// Describes it.
    public init(layers: [Layer], configuration: ImageConfiguration) {
        self.layers = layers
        self.configuration = configuration
    }
}
