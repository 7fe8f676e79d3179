import BakeModel
import GitRepository
import LinuxSystem
import RegistryClient
import StageEngine

/// An import whose bytes are settled: what the pipeline names, and which files or digest that is.
public struct FoundImport: Sendable {
    /// As the pipeline names it.
    public let source: ImportSource
    /// What it is.
    public let content: Content
    /// The architecture that an image must be for, `amd64`.
    public let architecture: String

    /// What settles the bytes.
    public enum Content: Sendable {
        /// Files of the commit: the archive, or those of a layout.
        case committed([CommittedFile])
        /// The digest that the lock or the pipeline pins.
        case pinned(Digest)
    }

    /// Describes an import.
    public init(source: ImportSource, content: Content, architecture: String) {
        self.source = source
        self.content = content
        self.architecture = architecture
    }

    /// What a stage's key says of it. Which registry had the bytes does not matter.
    var keyInputs: [StageKey.Input] {
        let name = source.location?.description ?? "image"
        var inputs: [StageKey.Input] =
            switch content {
            case .committed(let files): files.map { .init($0.path.description, $0.object.hex) }
            case .pinned(let digest): [.init(name, digest.description)]
            }
        if case .tarball = source { return inputs }
        inputs.append(.init("import", source.location == nil ? "registry" : source.description))
        inputs.append(.init("architecture", architecture))
        return inputs
    }
}

/// What imports need of the machine.
public struct ImportAccess: Sendable {
    /// The architecture to take from images that have several, as OCI spells it: `amd64`.
    public let architecture: String
    /// How registries are reached.
    public let registries: RegistryAccess
    /// The executable that talks to them.
    public let program: HelperProgram

    /// Describes the machine.
    public init(architecture: String, registries: RegistryAccess, program: HelperProgram) {
        self.architecture = architecture
        self.registries = registries
        self.program = program
    }

    func client(for repository: RegistryRepository) throws -> RegistryClient {
        try RegistryClient(repository, access: registries, program: program)
    }
}
