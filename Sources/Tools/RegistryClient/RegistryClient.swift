import BakeModel
import LinuxSystem

/// Takes images out of a registry. OCI distribution specification 1.1, "Pull".
///
/// Used by one thread: it remembers how it logged in. Nothing of what it brings is believed before its digest agrees.
public final class RegistryClient {
    /// What the images have in common.
    public let repository: RegistryRepository
    private let session: RegistrySession

    /// Bytes of the longest manifest; the specification asks registries for 4 MiB.
    public static let manifestLimit = 4 << 20
    private static let manifestTypes = [
        "application/vnd.oci.image.manifest.v1+json", "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
    ]

    /// Prepares to ask a registry.
    /// - Parameter program: the executable that is started for each exchange.
    /// - Throws: where the logins cannot be read.
    public init(_ repository: RegistryRepository, access: RegistryAccess, program: HelperProgram) throws {
        self.repository = repository
        session = try RegistrySession(repository, access: access, program: program)
    }

    /// The manifest or index that a tag names now.
    /// - Returns: its bytes, whose digest is its name.
    /// - Throws: `RegistryError`.
    public func manifest(tag: String) throws -> [UInt8] {
        let name = "\(repository):\(tag)"
        let (answer, bytes) = try document(tag, name)
        let found = Digest.of(bytes)
        // The header may be absent; where it is there, what stands between has changed nothing.
        if let said = answer.headers["docker-content-digest"]?.first.flatMap({ Digest($0) }), said != found {
            throw RegistryError.otherDigest(name, claimed: said, found: found)
        }
        return bytes
    }

    /// The manifest or index of this digest.
    /// - Throws: `RegistryError`; `.otherDigest` where the registry sends other bytes.
    public func manifest(_ digest: Digest) throws -> [UInt8] {
        let name = "\(repository)@\(digest)"
        let bytes = try document(digest.description, name).content
        let found = Digest.of(bytes)
        guard found == digest else { throw RegistryError.otherDigest(name, claimed: digest, found: found) }
        return bytes
    }

    private func document(_ key: String, _ name: String) throws -> (answer: TransferAnswer, content: [UInt8]) {
        let headers = ["Accept: \(Self.manifestTypes.joined(separator: ", "))"]
        return try session.document(
            "/v2/\(repository.name)/manifests/\(key)", headers: headers, limit: Self.manifestLimit, name: name)
    }

    /// Writes a blob into an empty file. **Its bytes are not verified**, only counted: whoever reads them hashes them.
    /// - Parameter size: how many bytes it must have.
    /// - Throws: `RegistryError`; `SystemError` where the file cannot be written.
    public func download(_ digest: Digest, size: UInt64, to file: Descriptor) throws {
        try session.file(
            "/v2/\(repository.name)/blobs/\(digest)", size: size, to: file, name: "\(repository)@\(digest)")
    }
}
