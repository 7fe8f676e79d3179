/// An OCI image: a manifest and everything that it names. Equal content has an equal digest.
public struct Image: Hashable, Sendable {
    /// The digest of the manifest: the image's identity everywhere.
    public let manifest: Digest
    /// The bytes of the manifest.
    public let manifestSize: UInt64
    /// The digest of the image configuration.
    public let configurationDigest: Digest
    /// The layers, the lowest first.
    public let layers: [Layer]
    /// How its programs are started.
    public let configuration: ImageConfiguration
    /// The processor that its programs are for, as OCI spells it: `amd64`.
    public let architecture: String

    /// Describes an image.
    public init(
        manifest: Digest, manifestSize: UInt64, configurationDigest: Digest, layers: [Layer],
        configuration: ImageConfiguration, architecture: String
    ) {
        self.manifest = manifest
        self.manifestSize = manifestSize
        self.configurationDigest = configurationDigest
        self.layers = layers
        self.configuration = configuration
        self.architecture = architecture
    }

    /// Every blob of it: manifest, configuration, layers.
    public var blobs: [Digest] { [manifest, configurationDigest] + layers.map(\.blob) }

    /// The compressed bytes of all layers together.
    public var size: UInt64 { layers.reduce(0) { $0 + $1.size } }
}
