import BakeModel

/// What runs in a sandbox, and as whom.
public struct SandboxProgram: Hashable, Sendable {
    /// The program and its arguments. A name without `/` is looked for in PATH, inside the root.
    public var arguments: [String]
    /// `NAME=value`, over the environment that every sandbox has; a later name wins over an earlier one.
    public var environment: [String]
    /// Where it starts, inside the root.
    public var workingDirectory: String
    /// Whether it finds what every sandbox of a build has; otherwise no more than a container: PATH and HOME.
    public var isBuilding = true
    /// Whether its working directory is made where the root has none, as a container's runtime does.
    public var makesDirectory = false
    /// Whether it is process 1 of its namespace, as in a container, with all that follows: it reaps what nobody waits for,
    /// or nobody does, and signals that it does not ask for do not end it. Otherwise a watcher of bake's is process 1.
    public var isFirst = false
    /// `USER[:GROUP]` by name or number, as the root's own /etc/passwd and /etc/group have them; nil is root.
    public var user: String?

    /// Describes a program.
    public init(
        _ arguments: [String], environment: [String] = [], workingDirectory: String = "/", user: String? = nil
    ) {
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory.isEmpty ? "/" : workingDirectory
        self.user = user
    }

    /// A script for the root's shell, ended by its first failure.
    public static func shell(_ script: String, environment: [String] = [], in directory: String = "/") -> Self {
        SandboxProgram(["/bin/sh", "-e", "-c", script], environment: environment, workingDirectory: directory)
    }

    private static let searchPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// What every program finds, whoever started bake and where.
    static let constantEnvironment = [
        searchPath, "LANG=C.UTF-8", "TZ=UTC",
        "SOURCE_DATE_EPOCH=\(Timestamp.insideImages)",
    ]

    /// The whole environment, for a user with this home.
    public func environment(home: String) -> [String] {
        var values: [String: String] = [:]
        var order: [String] = []
        let constant = isBuilding ? Self.constantEnvironment : [Self.searchPath]
        for setting in constant + ["HOME=\(home)"] + environment {
            let name = String(setting.prefix { $0 != "=" })
            if values.updateValue(setting, forKey: name) == nil { order.append(name) }
        }
        return order.compactMap { values[$0] }
    }

    /// The steps that prepare the root for it.
    var steps: [SandboxStep] {
        makesDirectory ? SandboxStep.directories(to: workingDirectory).map(\.ifPossible) : []
    }

    /// The paths at which the program may be.
    static func candidates(for name: String, environment: [String]) -> [String] {
        if name.contains("/") { return [name] }
        let path = environment.first { $0.hasPrefix("PATH=") }?.dropFirst(5) ?? ""
        return path.split(separator: ":").map { "\($0)/\(name)" }
    }
}
