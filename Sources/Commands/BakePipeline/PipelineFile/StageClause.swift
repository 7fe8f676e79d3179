import BakeModel
import YAMLDocument

/// One stage of `stages:`.
enum StageClause {
    static let keys = [
        "from", "debian", "import", "packages", "users", "add", "files", "inputs", "args", "secrets", "run", "fetch",
        "output", "limits", "remove", "config",
    ]
    static let laterKeys = [
        "env", "user", "workdir", "sources", "arch", "architecture",
    ]

    /// Reads a stage; nil where something in it is wrong.
    static func read(
        _ node: YAMLNode, name: StageName, at position: SourcePosition, _ reading: inout PipelineReading
    ) -> Stage? {
        let before = reading.yaml.faults.count
        let what = "the stage \(name)"
        guard let clause = reading.yaml.record(node, what, keys: keys, later: laterKeys) else { return nil }
        let root = RootClause.read(clause, stage: name, at: position, &reading)
        let packages = Self.packages(clause, &reading)
        let users = clause["users"].map { UsersClause.read($0, &reading) } ?? []
        let add = clause["add"].map { AddClause.read($0, &reading) } ?? []
        let files = clause["files"].map { FilesClause.read($0, &reading) } ?? []
        let run = RunClause.read(clause, &reading)
        let limits = clause["limits"].map { LimitsClause.read($0, &reading.yaml) } ?? StageLimits()
        let remove = clause["remove"].map { RemoveClause.read($0, &reading) } ?? []
        let configuration = clause["config"].map { ConfigurationClause.read($0, &reading) } ?? ImageConfiguration()
        guard let root, reading.yaml.faults.count == before else { return nil }
        return Stage(
            name: name, root: root, packages: packages?.names ?? [], packageFiles: packages?.files ?? [], users: users,
            add: add + files, run: run, limits: limits, remove: remove, configuration: configuration)
    }

    private static func packages(_ clause: YAMLMapping, _ reading: inout PipelineReading) -> PackagesClause? {
        guard let member = clause.members.first(where: { $0.key.text == "packages" }) else { return nil }
        if case .scalar(let from) = clause["from"], from.text == "scratch" {
            reading.yaml.note(
                "packages on an empty root", at: member.key.position,
                suggestion: "start from debian: SUITE, or from a root that has dpkg")
            return nil
        }
        return PackagesClause(member.value, &reading)
    }
}
