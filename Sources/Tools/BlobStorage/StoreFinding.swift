import BakeModel

/// Something that `BlobStore.check` found.
public struct StoreFinding: Hashable, Sendable {
    /// What kind of thing it is.
    public enum Kind: String, Hashable, Sendable {
        /// A blob's bytes do not hash to its name.
        case corrupted
        /// A document names a blob that is not there.
        case missing
        /// A document says another size than the blob has.
        case wrongSize
        /// A document is of another type than the one that names it says.
        case wrongType
        /// A document cannot be understood.
        case malformed
        /// A layer is not the tar that the image's configuration says.
        case wrongLayer
        /// A name of the index stands for something else than it must.
        case misnamed
        /// A name among the blobs that is no digest, or no file.
        case stray
        /// A blob that no document names: gc's business, or another tool's.
        case unreferenced
    }

    /// What kind of thing it is.
    public let kind: Kind
    /// The digest or the name it is about.
    public let subject: String
    /// What exactly, as a clause.
    public let explanation: String

    /// Whether something is lost or wrong, rather than superfluous.
    public var isDamage: Bool { kind != .unreferenced && kind != .stray }

    /// Describes a finding.
    public init(_ kind: Kind, _ subject: String, _ explanation: String) {
        self.kind = kind
        self.subject = subject
        self.explanation = explanation
    }
}
