/// The media types of the documents that bake writes and reads (OCI image specification 1.1).
public enum MediaType {
    /// An image manifest, also that of an artifact.
    public static let manifest = "application/vnd.oci.image.manifest.v1+json"
    /// An image index.
    public static let index = "application/vnd.oci.image.index.v1+json"
    /// An image configuration.
    public static let configuration = "application/vnd.oci.image.config.v1+json"
    /// The empty configuration of an artifact.
    public static let empty = "application/vnd.oci.empty.v1+json"
    /// A layer in gzip, as every tool takes it.
    public static let layerGzip = "application/vnd.oci.image.layer.v1.tar+gzip"
    /// What bake knows about a generation: pipeline, lock, spec, verdict.
    public static let evidence = "application/vnd.bake.evidence.v1"
}
