import BakeModel
import BlobStorage
import Glibc
import LinuxSystem

/// A small Debian archive on disk that holds exactly the packages of a lock. It goes when this object goes.
public final class DebianRepository: Sendable {
    private let directory: PrivateDirectory
    /// The names that are installed for their own sake in every root: essential, required, and apt.
    let standing: Set<String>

    /// Where it lies, absolute.
    public var path: String { directory.path }

    /// Writes the packages of the closure out of the store, verified on the way, and their index.
    ///
    /// Copies and not links: root in the namespace could write through a link into the store.
    /// - Throws: `StoreError` for a blob that is missing or damaged; `DebianFault`.
    public init(of locked: LockedPackages, store: BlobStore, machine: DebianMachine) throws {
        directory = try PrivateDirectory(in: machine.temporary)
        let pool = try directory.directory("pool")
        let suite = "dists/\(locked.suite)"
        let binary = "\(suite)/main/binary-\(locked.architecture)"
        _ = try directory.directory(binary)
        for package in locked.closure { try store.copy(package.digest, to: "\(pool)/\(package.name).deb") }
        let index = try machine.run(.aptFtparchive, ["packages", "pool"], directory: directory.path).text
        try directory.file("\(binary)/Packages", index)
        try directory.file("\(suite)/Release", try Self.release(locked, in: "\(directory.path)/\(suite)", machine))
        let paragraphs = ControlParagraph.parse(index)
        standing = Set(paragraphs.filter(Self.stands).compactMap { $0["package"] })
    }

    /// A repository without Codename or Suite has no essential packages for mmdebstrap.
    private static func release(_ locked: LockedPackages, in directory: String, _ machine: DebianMachine) throws
        -> String
    {
        let fields = [
            "Codename": locked.suite, "Suite": locked.suite, "Components": "main", "Architectures": locked.architecture,
        ]
        let options = fields.sorted { $0.key < $1.key }.flatMap {
            ["-o", "APT::FTPArchive::Release::\($0.key)=\($0.value)"]
        }
        return try machine.run(.aptFtparchive, options + ["release", directory]).text
    }

    /// How an apt of this machine reads it.
    func source(of locked: LockedPackages) -> DebianSource {
        DebianSource(uri: "copy:\(path)", suite: locked.suite, components: ["main"], options: ["trusted": "yes"])
    }

    private static func stands(_ paragraph: ControlParagraph) -> Bool {
        paragraph["essential"] == "yes" || paragraph["priority"] == "required" || paragraph["package"] == "apt"
    }
}

extension BlobStore {
    /// Copies a blob to a new file and verifies it on the way.
    func copy(_ digest: Digest, to path: String) throws {
        let source = try open(digest)
        let target = try Descriptor.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o644)
        var hasher = DigestHasher()
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = try chunk.withUnsafeMutableBytes { try source.read(into: $0) }
            if count == 0 { break }
            hasher.update(chunk[..<count])
            try target.write(chunk[..<count])
        }
        let found = hasher.finish()
        if found != digest { throw StoreError.damaged(path: source.describedPath, detail: "its digest is \(found)") }
    }
}
