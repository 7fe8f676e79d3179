import Attestation
import BakeModel
import BlobStorage
import ImageAssembly
import Signing

/// Statement → artifact: signed where there is a key, bare where there is none.
struct StatementWriter {
    let blobs: BlobStore
    let key: SigningKey?

    private static let predicateType = "in-toto.io/predicate-type"

    /// Writes a statement about an image.
    /// - Parameter imageSize: the bytes of the image's manifest.
    func write(
        _ statement: InTotoStatement, _ kind: StatementFacts.Kind, imageSize: UInt64
    ) throws -> StatementFacts {
        let payload = statement.json.canonicalBytes
        let envelope = try key.map { try Envelope(signing: payload, type: InTotoStatement.mediaType, with: $0) }
        return try write(
            Evidence.Document(
                title: "\(kind.rawValue).json",
                mediaType: envelope == nil ? InTotoStatement.mediaType : Envelope.mediaType,
                bytes: envelope?.json.canonicalBytes ?? payload),
            kind, annotations: [Self.predicateType: statement.predicateType],
            about: (statement.subject.digest, imageSize))
    }

    /// Writes a signed checkpoint beside an image.
    func write(_ checkpoint: Checkpoint, signedWith key: SigningKey, about image: (Digest, UInt64)) throws
        -> StatementFacts
    {
        try write(
            Evidence.Document(
                title: "checkpoint", mediaType: Checkpoint.mediaType,
                bytes: Array(try checkpoint.signed(with: key).description.utf8)),
            .checkpoint, annotations: [:], about: image)
    }

    private func write(
        _ document: Evidence.Document, _ kind: StatementFacts.Kind, annotations: [String: String],
        about image: (Digest, UInt64)
    ) throws -> StatementFacts {
        let artifact = try EvidenceAssembler(store: blobs).assemble(document, annotations: annotations, about: image)
        return StatementFacts(
            kind: kind, mediaType: document.mediaType, document: Digest.of(document.bytes),
            artifact: artifact.manifest, artifactSize: artifact.size, key: key?.verifyingKey.id)
    }
}
