import BakeModel
import Glibc
import LinuxSystem

/// Import → what the lock pins of it.
public struct ImportLocker: Sendable {
    private let access: ImportAccess

    /// Locks for one architecture.
    public init(_ access: ImportAccess) { self.access = access }

    /// Hashes a file, finds the manifest that a layout's reference names, or asks a registry what its tag stands for.
    /// - Parameter old: what was pinned before: a registry is not asked again for the same tag.
    /// - Returns: nil for what needs no pin: it lies in the commit, or the pipeline names its digest.
    public func lock(_ source: ImportSource, keeping old: LockedImport? = nil) throws -> LockedImport? {
        guard let origin = source.lockedOrigin else { return nil }
        if case .registry = origin, let old, old.origin == origin { return old }
        return LockedImport(origin: origin, digest: try digest(of: source, at: origin))
    }

    private func digest(of source: ImportSource, at origin: LockedImport.Origin) throws -> Digest {
        switch (source, origin) {
        case (.layout(_, let reference), .machine(let path)): try digest(ofLayout: path, reference)
        case (_, .machine(let path)): try digest(ofFile: path)
        case (_, .registry(let reference)): try digest(ofTag: reference.tag ?? "latest", in: reference.repository)
        }
    }

    private func digest(ofLayout path: String, _ reference: String?) throws -> Digest {
        let layout = LayoutDirectory(path: path)
        let index = ForeignIndex(layout, architecture: access.architecture)
        return try index.manifest(from: try index.entry(named: reference, in: try layout.index())).digest
    }

    private func digest(ofTag tag: String, in repository: RegistryRepository) throws -> Digest {
        let client = try access.client(for: repository)
        let index = ForeignIndex(RegistryDocuments(client: client), architecture: access.architecture)
        return try index.manifest(from: Digest.of(try client.manifest(tag: tag))).digest
    }

    private func digest(ofFile path: String) throws -> Digest {
        let file = try Descriptor.open(path, O_RDONLY)
        var hasher = DigestHasher()
        try file.readPieces(of: 1 << 20) { piece in
            hasher.update(piece)
        }
        return hasher.finish()
    }
}
