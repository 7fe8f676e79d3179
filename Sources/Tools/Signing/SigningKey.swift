import BakeModel
import Clibcrypto
import Glibc
import LinuxSystem

/// An Ed25519 private key (RFC 8032), as PKCS #8 in PEM (RFC 8410): what `openssl genpkey -algorithm ed25519` writes.
public struct SigningKey: Sendable {
    private let raw: [UInt8]
    /// The public half.
    public let verifyingKey: VerifyingKey

    private static let limit = 64 << 10

    private init?(_ handle: KeyHandle) {
        guard let raw = handle.rawPrivate, let publicRaw = handle.rawPublic else { return nil }
        self.raw = raw
        verifyingKey = VerifyingKey(unchecked: publicRaw)
    }

    /// Makes a new key from the random numbers of libcrypto.
    /// - Throws: `KeyFault.refused`.
    public static func random() throws(KeyFault) -> SigningKey {
        let context = EVP_PKEY_CTX_new_id(EVP_PKEY_ED25519, nil)
        defer { EVP_PKEY_CTX_free(context) }
        var pointer: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1, EVP_PKEY_keygen(context, &pointer) == 1,
            let handle = KeyHandle(pointer), let key = SigningKey(handle)
        else { throw KeyFault.refused("make a key") }
        return key
    }

    /// Reads a key from a file.
    /// - Throws: `KeyFault` where it holds none that signs here; `SystemError`.
    public init(file: String) throws {
        let descriptor = try Descriptor.open(file, O_RDONLY)
        try self.init(pem: try descriptor.readAll(limit: Self.limit), name: file)
        // Behind that, so that nobody is told to close what is no key at all.
        guard try descriptor.status().st_mode & 0o007 == 0 else { throw KeyFault.readableByAll(file) }
    }

    /// Reads the text of a file.
    /// - Parameter name: what messages call it.
    public init(pem: [UInt8], name: String) throws(KeyFault) {
        defer { ERR_clear_error() }
        // No password: libcrypto would ask the terminal for one, and a job has none.
        guard let text = CryptoText(pem),
            let handle = KeyHandle(PEM_read_bio_PrivateKey(text.pointer, nil, { _, _, _, _ in 0 }, nil))
        else { throw Self.fault(pem, name) }
        guard let key = SigningKey(handle) else { throw KeyFault.otherKind(name) }
        self = key
    }

    /// The key as PKCS #8 in PEM.
    /// - Throws: `KeyFault.refused`.
    public func pem() throws(KeyFault) -> [UInt8] {
        guard let handle = KeyHandle.privateKey(raw), let text = CryptoText(),
            PEM_write_bio_PKCS8PrivateKey(text.pointer, handle.pointer, nil, nil, 0, nil, nil) == 1
        else { throw KeyFault.refused("write a key") }
        return text.bytes
    }

    /// Signs bytes.
    /// - Returns: the 64 bytes of the signature.
    /// - Throws: `KeyFault.refused`.
    public func signature(of message: [UInt8]) throws(KeyFault) -> [UInt8] {
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: 64)
        var count = signature.count
        guard let handle = KeyHandle.privateKey(raw),
            EVP_DigestSignInit(context, nil, nil, nil, handle.pointer) == 1,
            EVP_DigestSign(context, &signature, &count, message, message.count) == 1, count == 64
        else { throw KeyFault.refused("sign") }
        return signature
    }

    private static func fault(_ pem: [UInt8], _ name: String) -> KeyFault {
        let text = String(decoding: pem, as: UTF8.self)
        if text.contains("ENCRYPTED") { return .encrypted(name) }
        if text.contains("OPENSSH PRIVATE KEY") { return .otherKind(name) }
        return text.contains("PUBLIC KEY") ? .onlyPublic(name) : .noKey(name)
    }
}

/// Why a file is no key that signs or verifies here.
public enum KeyFault: ExplainedError, Hashable {
    /// Everybody on the machine may read the private key.
    case readableByAll(String)
    /// It needs a password.
    case encrypted(String)
    /// It is a key of another algorithm or format.
    case otherKind(String)
    /// It is the public half.
    case onlyPublic(String)
    /// It is no key.
    case noKey(String)
    /// There is a file of that name already.
    case exists(String)
    /// libcrypto would not.
    case refused(String)

    public var doing: String { if case .refused(let act) = self { act } else { "use the key" } }
    public var subject: String {
        switch self {
        case .readableByAll(let name), .encrypted(let name), .otherKind(let name), .onlyPublic(let name),
            .noKey(let name), .exists(let name):
            name
        case .refused: "with libcrypto"
        }
    }
    public var reason: String {
        switch self {
        case .readableByAll: "everybody on this machine may read it"
        case .encrypted: "it is encrypted, and nobody is there to be asked for a password"
        case .otherKind: "it is no Ed25519 key in PKCS #8"
        case .onlyPublic: "it is a public key, and the private one signs"
        case .noKey: "it holds no key in PEM"
        case .exists: "the file is there already, and a key is never overwritten"
        case .refused: "the library refused"
        }
    }
    public var hint: String? {
        switch self {
        case .readableByAll(let name): "chmod o= \(name)"
        case .otherKind, .noKey, .onlyPublic: "bake key new FILE, or: openssl genpkey -algorithm ed25519 -out FILE"
        case .encrypted(let name): "openssl pkey -in \(name) -out FILE"
        default: nil
        }
    }
    public var exit: ExitCode { .usage }
}
