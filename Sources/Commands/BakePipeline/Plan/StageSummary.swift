import BakeModel

/// What a stage does, in a few words.
struct StageSummary {
    /// `debian bookworm, 2 packages, add 3, run make dist`.
    let text: String

    private static let longestCommand = 40

    init(_ stage: Stage) {
        var parts = [Self.root(stage.root)]
        let packages = stage.packages.count + stage.packageFiles.count
        if packages > 0 { parts.append(packages == 1 ? "1 package" : "\(packages) packages") }
        if !stage.users.isEmpty { parts.append("users \(stage.users.map(\.name).joined(separator: " "))") }
        if !stage.add.isEmpty { parts.append("add \(stage.add.count)") }
        if let run = stage.run {
            let verb = run.network == .machine ? "fetch" : "run"
            parts.append("\(verb) \(Self.firstLine(of: run.command.description))")
        }
        if !stage.remove.isEmpty { parts.append("remove \(stage.remove.count)") }
        text = parts.joined(separator: ", ")
    }

    private static func root(_ root: RootSource) -> String {
        switch root {
        case .scratch: "from scratch"
        case .stage(let name): "from \(name)"
        case .generation(let source): "from \(source)"
        case .debian(let suite): "debian \(suite.name)"
        case .imported(.tarball(let location)): "import \(path(location))"
        case .imported(.layout(let location, let reference)):
            "import oci:\(path(location))" + (reference.map { ":\($0)" } ?? "")
        }
    }

    private static func path(_ location: ImportLocation) -> String {
        switch location {
        case .commit(let path): path.description
        case .machine(let path): path
        }
    }

    private static func firstLine(of command: String) -> String {
        let lines = command.split(whereSeparator: \.isNewline).filter { line in line.contains { !$0.isWhitespace } }
        guard let first = lines.first else { return "" }
        let isCut = lines.count > 1 || first.count > longestCommand
        return first.prefix(longestCommand) + (isCut ? "…" : "")
    }
}
