import BakeModel
import Glibc
import LinuxSystem

/// Import → what the lock pins of it.
public struct ImportLocker: Sendable {
    private let access: ImportAccess

    /// Locks for one architecture.
    public init(_ access: ImportAccess) { self.access = access }

    /// Hashes a file, finds the manifest that a layout's reference names, or asks a registry what its tag stands for.
    /// - Returns: nil for what needs no pin: it lies in the commit, or the pipeline names its digest.
    public func lock(_ source: ImportSource) throws -> LockedImport? {
        switch (source, source.location) {
        case (_, .commit): return nil
        case (.layout(_, let reference), .machine(let path)):
            return LockedImport(origin: .machine(path), digest: try digest(ofLayout: path, reference))
        case (_, .machine(let path)): return LockedImport(origin: .machine(path), digest: try digest(ofFile: path))
        case (.registry(let reference), _):
            guard reference.digest == nil, let tag = reference.tag else { return nil }
            return LockedImport(
                origin: .registry(reference), digest: try digest(ofTag: tag, in: reference.repository))
        case (_, nil): return nil
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
