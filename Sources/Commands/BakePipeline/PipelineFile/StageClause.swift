import BakeModel
import YAMLDocument

/// One stage of `stages:`.
enum StageClause {
    static let keys = [
        "from", "debian", "import", "packages", "users", "add", "files", "inputs", "args", "secrets", "run", "fetch",
        "output", "limits", "remove", "config",
    ]
    static let laterKeys = [
        "env", "user", "workdir", "components", "mirror", "mirrors", "sources", "arch", "architecture",
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
            name: name, root: root, packages: packages, users: users, add: add + files, run: run, limits: limits,
            remove: remove, configuration: configuration)
    }

    private static func packages(_ clause: YAMLMapping, _ reading: inout PipelineReading) -> [String] {
        guard let member = clause.members.first(where: { $0.key.text == "packages" }) else { return [] }
        if case .scalar(let from) = clause["from"], from.text == "scratch" {
            reading.yaml.note(
                "packages on an empty root", at: member.key.position,
                suggestion: "start from debian: SUITE, or from a root that has dpkg")
            return []
        }
        guard let items = reading.yaml.items(member.value, "packages") else { return [] }
        var names: [String] = []
        var seen: Set<String> = []
        for item in items {
            guard let text = reading.yaml.text(item, "a package") else { continue }
            if !isPackageName(text) {
                reading.yaml.note(
                    "\"\(text)\" is no name of a Debian package", at: item.position,
                    suggestion: "the lock pins versions: write the name alone, as in nginx-light")
            } else if !seen.insert(text).inserted {
                reading.yaml.note("the package \(text) stands twice", at: item.position)
            } else {
                names.append(text)
            }
        }
        return names
    }

    /// Debian Policy, 5.6.1: at least two of `a-z0-9+-.`, the first a letter or digit.
    private static func isPackageName(_ text: String) -> Bool {
        let alphanumeric = Set("abcdefghijklmnopqrstuvwxyz0123456789".utf8)
        guard let first = text.utf8.first, text.utf8.count >= 2, alphanumeric.contains(first) else { return false }
        return text.utf8.allSatisfy { alphanumeric.contains($0) || "+-.".utf8.contains($0) }
    }
}
