/// A pipeline file, read and checked: every name in it exists, and its stages have no cycle.
public struct Pipeline: Hashable, Sendable {
    /// The name under which its generations are counted.
    public let name: PipelineName
    /// The stages, in the file's order.
    public let stages: [Stage]
    /// The stage whose root becomes the image.
    public let image: StageName
    /// What the image must pass; nil where the file asks for nothing.
    public let spec: SpecSource?

    /// Describes a pipeline.
    public init(name: PipelineName, stages: [Stage], image: StageName, spec: SpecSource?) {
        self.name = name
        self.stages = stages
        self.image = image
        self.spec = spec
    }

    /// The stage of that name; nil where there is none.
    public func stage(_ name: StageName) -> Stage? { stages.first { $0.name == name } }
}

/// Where a pipeline's checks stand.
public enum SpecSource: Hashable, Sendable {
    /// A goss file of the commit, beside the pipeline file.
    case file(TreePath)
    /// The checks themselves, as the YAML text that stands in the pipeline file.
    case inline(yaml: String)
}

/// A node of the pipeline's graph: a root, and what is done to it in a fixed order.
public struct Stage: Hashable, Sendable {
    /// Its name.
    public let name: StageName
    /// What its root starts from.
    public let root: RootSource
    /// Debian packages to install, by name, as asked for.
    public let packages: [String]
    /// What is copied into the root, in the file's order: a later rule wins.
    public let add: [AddRule]
    /// What is run.
    public let run: RunStep?
    /// How programs of the image are started; merged over that of the stage it starts from.
    public let configuration: ImageConfiguration

    /// Describes a stage.
    public init(
        name: StageName, root: RootSource, packages: [String] = [], add: [AddRule] = [], run: RunStep? = nil,
        configuration: ImageConfiguration = ImageConfiguration()
    ) {
        self.name = name
        self.root = root
        self.packages = packages
        self.add = add
        self.run = run
        self.configuration = configuration
    }

    /// The stages that must be there before this one: what it starts from and what it copies from, each once.
    public var needs: [StageName] {
        var names: [StageName] = []
        if case .stage(let name) = root { names.append(name) }
        let inputs = run?.inputs ?? []
        for source in add.map(\.source) + inputs {
            if case .stage(let name, _) = source, !names.contains(name) { names.append(name) }
        }
        return names
    }
}

/// What a stage's root starts from.
public enum RootSource: Hashable, Sendable {
    /// Nothing: an empty directory.
    case scratch
    /// The root of another stage.
    case stage(StageName)
    /// A Debian suite, such as `bookworm`, installed from packages that the lock pins.
    case debian(suite: String)
    /// A root file system that somebody else made.
    case imported(ImportSource)
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

/// One destination of `add:`.
public struct AddRule: Hashable, Sendable {
    /// The path in the image.
    public let destination: TreePath
    /// Whether the destination was written with a closing slash: what is copied goes into it.
    public let intoDirectory: Bool
    /// What is copied.
    public let source: ContentSource
    /// The mode that every file copied gets; nil keeps what the source has.
    public let mode: UInt16?
    /// The owner that everything copied gets.
    public let owner: Owner

    /// Describes a rule.
    public init(
        destination: TreePath, intoDirectory: Bool, source: ContentSource, mode: UInt16? = nil, owner: Owner = .root
    ) {
        self.destination = destination
        self.intoDirectory = intoDirectory
        self.source = source
        self.mode = mode
        self.owner = owner
    }
}

/// Files named by `add:` or `inputs:`.
public enum ContentSource: Hashable, Sendable {
    /// Files of the commit that match.
    case checkout(PathPattern)
    /// Files of another stage: of its `output` where relative, of its root where absolute.
    case stage(StageName, StagePath)
}

/// A path in another stage, as written after `STAGE:`.
public struct StagePath: Hashable, Sendable {
    /// The path.
    public let path: TreePath
    /// Whether it starts at the stage's root (absolute) and not in its output.
    public let inRoot: Bool
    /// Whether it was written with a closing slash: the contents of the directory, not the directory.
    public let contents: Bool

    /// Describes a path.
    public init(path: TreePath, inRoot: Bool, contents: Bool) {
        self.path = path
        self.inRoot = inRoot
        self.contents = contents
    }
}

/// A path or glob of the commit's tree. `*` and `?` stay within a part, `**` crosses parts, `[a-z]` is a class.
public struct PathPattern: Hashable, Sendable {
    /// The pattern as written, without a closing slash.
    public let text: String
    /// Whether it was written with a closing slash: the contents of the directory, not the directory.
    public let contents: Bool

    /// Describes a pattern.
    public init(text: String, contents: Bool) {
        self.text = text
        self.contents = contents
    }

    /// Whether it has a wildcard.
    public var isGlob: Bool {
        text.utf8.contains { [UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "[")].contains($0) }
    }
}

/// A command run in the sandbox.
public struct RunStep: Hashable, Sendable {
    /// The command, given to `/bin/sh -e -c`.
    public let command: String
    /// What lies in `/work`; nil for the whole checkout.
    public let inputs: [ContentSource]?
    /// The paths of `/work` that leave the stage; empty where the changed root is the layer.
    public let output: [StagePath]

    /// Describes a step.
    public init(command: String, inputs: [ContentSource]?, output: [StagePath]) {
        self.command = command
        self.inputs = inputs
        self.output = output
    }
}
