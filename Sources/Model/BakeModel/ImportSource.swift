/// A root file system that comes from outside.
public enum ImportSource: Hashable, Sendable, CustomStringConvertible {
    /// A tar (plain, gzip or zstd) of the root's files.
    case tarball(ImportLocation)
    /// An OCI image layout, and the reference in it; nil where it holds one image.
    case layout(ImportLocation, reference: String?)
    /// A tar of an OCI image layout, and the reference in it.
    case layoutArchive(ImportLocation, reference: String?)
    /// What `docker save` writes, and the name of the image in it.
    case dockerArchive(ImportLocation, reference: String?)
    /// An image of a registry.
    case registry(RegistryReference)

    /// Where it lies; nil for a registry's.
    public var location: ImportLocation? {
        switch self {
        case .tarball(let location), .layout(let location, _), .layoutArchive(let location, _),
            .dockerArchive(let location, _):
            location
        case .registry: nil
        }
    }

    /// What the lock must pin; nil for what lies in the commit or is named by its digest.
    public var lockedOrigin: LockedImport.Origin? {
        switch (self, location) {
        case (.registry(let reference), _): reference.digest == nil ? .registry(reference) : nil
        case (_, .machine(let path)): .machine(path)
        case (_, .commit), (_, nil): nil
        }
    }

    /// As a pipeline spells it, `oci:images/base:web`.
    public var description: String {
        switch self {
        case .tarball(let location): location.description
        case .layout(let location, let reference): Self.text("oci", location, reference)
        case .layoutArchive(let location, let reference): Self.text("oci-archive", location, reference)
        case .dockerArchive(let location, let reference): Self.text("docker-archive", location, reference)
        case .registry(let reference): reference.description
        }
    }

    private static func text(_ prefix: String, _ location: ImportLocation, _ reference: String?) -> String {
        "\(prefix):\(location)" + (reference.map { ":\($0)" } ?? "")
    }
}

/// Where an imported root lies.
public enum ImportLocation: Hashable, Sendable, CustomStringConvertible {
    /// In the commit.
    case commit(TreePath)
    /// On this machine, at an absolute path; the lock pins its digest.
    case machine(String)

    public var description: String {
        switch self {
        case .commit(let path): path.description
        case .machine(let path): path
        }
    }
}
