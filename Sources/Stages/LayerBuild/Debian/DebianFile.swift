import BakeModel
import Glibc
import LinuxSystem
import TarArchive

/// What a `.deb` file says of itself. Nothing of it is run or unpacked. Source: deb(5), deb-control(5).
public struct DebianFile: Hashable, Sendable {
    /// The package's name.
    public let name: String
    /// Its whole version.
    public let version: String
    /// Its architecture, `amd64` or `all`.
    public let architecture: String
    /// The SHA-256 of the file.
    public let digest: Digest
    /// Its bytes.
    public let size: UInt64
    /// The digest of all that a solver asks of it but its version: name, architecture, what it needs and what it excludes.
    public let relations: Digest
    /// The names of packages that it needs, or one of which it needs.
    let needs: Set<String>

    /// No file is larger, in bytes.
    public static let limit = 1 << 30
    private static let controlLimit = 1 << 20

    /// Reads a file's bytes.
    /// - Parameter path: for messages.
    /// - Throws: `DebianFileFault`.
    public init(parsing bytes: [UInt8], at path: String) throws {
        let text = try Self.control(in: bytes, path)
        guard let control = ControlParagraph.parse(text).first else {
            throw DebianFileFault(path, "its control is empty")
        }
        name = try Self.field("package", of: control, path, DebianGrammar.isPackageName)
        version = try Self.field("version", of: control, path, DebianGrammar.isVersion)
        architecture = try Self.field("architecture", of: control, path, DebianGrammar.isArchitecture)
        relations =
            JSON.object(control.fields.filter { Self.relationFields.contains($0.key) }.mapValues(JSON.string)).digest
        let needs = ["pre-depends", "depends"].flatMap { (control[$0] ?? "").split { ",|".contains($0) } }
        self.needs = Set(needs.compactMap { $0.split { " \n\t(:".contains($0) }.first.map(String.init) })
        digest = Digest.of(bytes)
        size = UInt64(bytes.count)
    }

    /// The package as a lock would describe it. No archive has its path.
    public var package: LockedPackage {
        LockedPackage(
            name: name, version: version, architecture: architecture, digest: digest, size: size,
            poolPath: "pool/local/\(name).deb")
    }

    private static let relationFields: Set<String> = [
        "package", "architecture", "essential", "multi-arch", "pre-depends", "depends", "conflicts", "breaks",
        "replaces",
        "provides",
    ]

    private static func field(
        _ name: String, of control: ControlParagraph, _ path: String, _ accepts: (String) -> Bool
    ) throws -> String {
        guard let value = control[name], accepts(value) else {
            throw DebianFileFault(path, "its field \(name) is missing or malformed")
        }
        return value
    }

    /// The text of its control file.
    private static func control(in bytes: [UInt8], _ path: String) throws -> String {
        let members: [ArArchive.Member]
        do throws(ArArchive.Fault) { members = try ArArchive(bytes).members } catch {
            throw DebianFileFault(path, error.reason)
        }
        // Names that begin with an underscore may stand between the two; dpkg passes over them.
        let named = members.filter { !$0.name.hasPrefix("_") }
        guard named.count >= 3, named[0].name == "debian-binary",
            bytes[named[0].range].starts(with: Array("2.".utf8)), named[1].name.hasPrefix("control.tar"),
            named[2].name.hasPrefix("data.tar")
        else { throw DebianFileFault(path, "it has not the members debian-binary, control.tar and data.tar") }
        guard let text = try controlFile(of: bytes[named[1].range]) else {
            throw DebianFileFault(path, "its control.tar has no file control")
        }
        return text
    }

    private static func controlFile(of archive: ArraySlice<UInt8>) throws -> String? {
        var limits = ArchiveLimits()
        (limits.bytes, limits.entries, limits.acceptsXz) = (64 << 20, 10_000, true)
        var text: String?
        _ = try ArchiveReader.read(try Descriptor.memory(archive), limits: limits) { entry, content in
            guard entry.path.bytes.elementsEqual("control".utf8), case .regular(let size) = entry.kind else { return }
            guard size <= controlLimit else { throw SystemError("read", "control", number: EFBIG) }
            var bytes = [UInt8](repeating: 0, count: Int(size))
            var filled = 0
            while filled < bytes.count {
                filled += try bytes.withUnsafeMutableBytes {
                    try content.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[filled...]))
                }
            }
            text = String(decoding: bytes, as: UTF8.self)
        }
        return text
    }
}

/// A file that is no Debian package.
public struct DebianFileFault: ExplainedError, Hashable {
    private let path: String
    public let reason: String

    init(_ path: String, _ reason: String) {
        self.path = path
        self.reason = reason
    }

    public var doing: String { "read the package" }
    public var subject: String { path }
    public var hint: String? { "look at it: dpkg-deb --info \(path)" }
    public var exit: ExitCode { .usage }
}
