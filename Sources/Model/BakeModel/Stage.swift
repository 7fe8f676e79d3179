/// A node of the pipeline's graph: a root, and what is done to it in a fixed order.
public struct Stage: Hashable, Sendable {
    /// Its name.
    public let name: StageName
    /// What its root starts from.
    public let root: RootSource
    /// Debian packages to install, by name, as asked for.
    public let packages: [String]
    /// `.deb` files of the commit to install with them.
    public let packageFiles: [TreePath]
    /// Users to make, in the file's order.
    public let users: [UserRule]
    /// What is copied into the root, in the file's order, then what `files:` says: a later rule wins.
    public let add: [AddRule]
    /// What is run.
    public let run: RunStep?
    /// How much of the machine the command may use.
    public let limits: StageLimits
    /// What is taken out of the root at the end: absolute paths without their slash, `*` and `?` within a part, `**`
    /// for any number of parts.
    public let remove: [String]
    /// How programs of the image are started; merged over that of the stage it starts from.
    public let configuration: ImageConfiguration

    /// Describes a stage.
    public init(
        name: StageName, root: RootSource, packages: [String] = [], packageFiles: [TreePath] = [],
        users: [UserRule] = [], add: [AddRule] = [], run: RunStep? = nil,
        limits: StageLimits = StageLimits(), remove: [String] = [],
        configuration: ImageConfiguration = ImageConfiguration()
    ) {
        self.name = name
        self.root = root
        self.packages = packages
        self.packageFiles = packageFiles
        self.users = users
        self.add = add
        self.run = run
        self.limits = limits
        self.remove = remove
        self.configuration = configuration
    }

    /// Whether anything is done that the root itself is needed for: to add files only the names of owners are looked up in it.
    public var worksInRoot: Bool {
        installsPackages || !users.isEmpty || add.contains { $0.owner.numbers == nil } || run != nil || !remove.isEmpty
    }

    /// Whether it needs the root of another stage, and not only what the stage says of it.
    public func enters(rootOf other: StageName) -> Bool {
        if root == .stage(other), worksInRoot { return true }
        return (add.map(\.source) + (run?.inputs ?? [])).contains { source in
            if case .stage(other, let path) = source { path.inRoot } else { false }
        }
    }

    /// Whether it installs packages, by name or as files.
    public var installsPackages: Bool { !packages.isEmpty || !packageFiles.isEmpty }

    /// The same stage with values set by whoever bakes.
    public func setting(_ values: [String: String]) -> Stage {
        Stage(
            name: name, root: root, packages: packages, packageFiles: packageFiles, users: users, add: add,
            run: run?.setting(values), limits: limits, remove: remove, configuration: configuration)
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
