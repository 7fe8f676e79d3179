/// What a stage's root starts from.
public enum RootSource: Hashable, Sendable {
    /// Nothing: an empty directory.
    case scratch
    /// The root of another stage.
    case stage(StageName)
    /// A Debian suite, such as `bookworm`, installed from packages that the lock pins.
    case debian(DebianSuite)
    /// A root file system that somebody else made.
    case imported(ImportSource)
    /// The image of another pipeline of the store.
    case generation(GenerationSource)
}

/// The image of another pipeline, as `from:` names it. The ledger pins it: what was taken is recorded.
public enum GenerationSource: Hashable, Sendable, CustomStringConvertible {
    /// What the slot holds when the bake begins: `base:production`.
    case slot(Slot)
    /// That generation: `base@17`.
    case numbered(GenerationID)

    /// The pipeline whose image it is.
    public var pipeline: PipelineName {
        switch self {
        case .slot(let slot): slot.pipeline
        case .numbered(let id): id.pipeline
        }
    }

    public var description: String {
        switch self {
        case .slot(let slot): slot.description
        case .numbered(let id): id.description
        }
    }
}

/// A root file system that comes from outside.
public enum ImportSource: Hashable, Sendable {
    /// A tar (plain, gzip or zstd) at this path.
    case tarball(ImportLocation)
    /// An OCI image layout directory at this path, and the reference in it (nil where it holds one image).
    case layout(ImportLocation, reference: String?)

    /// Where it lies.
    public var location: ImportLocation {
        switch self {
        case .tarball(let location), .layout(let location, _): location
        }
    }
}

/// Where an imported root lies.
public enum ImportLocation: Hashable, Sendable {
    /// In the commit.
    case commit(TreePath)
    /// On this machine, at an absolute path; the lock pins its digest.
    case machine(String)
}
