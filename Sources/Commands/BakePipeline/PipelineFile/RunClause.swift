import BakeModel
import YAMLDocument

/// `run:` or `fetch:` with `inputs:`, `output:`, `args:` and `secrets:`.
enum RunClause {
    private static let keys = ["command", "env", "user"]
    private static let companions = ["inputs", "output", "args", "secrets", "limits"]

    /// Reads the step; nil where the stage runs nothing.
    static func read(_ clause: YAMLMapping, _ reading: inout PipelineReading) -> RunStep? {
        let given = clause.members.filter { ["run", "fetch"].contains($0.key.text) }
        guard let member = given.first else {
            for member in clause.members where companions.contains(member.key.text) {
                reading.yaml.note("\"\(member.key.text)\" without \"run\"", at: member.key.position)
            }
            return nil
        }
        if given.count > 1 {
            reading.yaml.note(
                "the stage has \"\(member.key.text)\" already", at: given[1].key.position,
                suggestion: "fetch in a stage of its own, and take its output: STAGE:path")
        }
        let inputs = clause["inputs"].map { Self.inputs($0, &reading) }
        let output = clause["output"].map { Self.outputs($0, &reading) } ?? []
        let network: RunStep.Network = member.key.text == "fetch" ? .machine : .none
        if network == .machine, output.isEmpty {
            reading.yaml.note(
                "fetch has no \"output\", whose digest the lock could pin", at: member.key.position,
                suggestion: "output: PATH, below /work")
        }
        let arguments = clause["args"].map { ArgumentsClause.arguments($0, &reading.yaml) } ?? [:]
        let secrets = clause["secrets"].map { ArgumentsClause.secrets($0, &reading.yaml) } ?? []
        return step(member, &reading).map { command, environment, user in
            RunStep(
                command: command, environment: environment, user: user, network: network,
                arguments: reading.arguments.merging(arguments) { $1 }, secrets: reading.secrets + secrets,
                inputs: inputs, output: output)
        }
    }

    /// A text or a list is the command; a map says more.
    private static func step(
        _ member: YAMLMapping.Member, _ reading: inout PipelineReading
    ) -> (RunStep.Command, environment: [String], user: String?)? {
        let what = member.key.text
        guard case .mapping = member.value else { return command(member.value, what, &reading).map { ($0, [], nil) } }
        guard let mapping = reading.yaml.record(member.value, what, keys: keys) else { return nil }
        let environment = mapping["env"].map { EnvironmentClause.read($0, &reading.yaml) } ?? []
        let user = mapping["user"].flatMap { reading.yaml.text($0, "user") }
        guard let node = mapping["command"] else {
            reading.yaml.note("\(what) has no \"command\"", at: mapping.position)
            return nil
        }
        return command(node, "command", &reading).map { ($0, environment, user) }
    }

    private static func command(
        _ node: YAMLNode, _ what: String, _ reading: inout PipelineReading
    ) -> RunStep.Command? {
        if case .sequence = node { return words(node, what, &reading) }
        guard let text = reading.yaml.text(node, what) else { return nil }
        guard text.contains(where: { !$0.isWhitespace }) else {
            reading.yaml.note("\(what) is empty", at: node.position)
            return nil
        }
        return .shell(text)
    }

    /// A list of whole commands is a common mistake; a program's name has no space.
    private static func words(_ node: YAMLNode, _ what: String, _ reading: inout PipelineReading) -> RunStep.Command? {
        guard let words = reading.yaml.texts(node, what) else { return nil }
        guard let program = words.first, !program.isEmpty else {
            reading.yaml.note("\(what) is empty", at: node.position)
            return nil
        }
        guard !program.contains(where: \.isWhitespace) else {
            reading.yaml.note(
                "\(what) as a list is one program and its arguments, and no program is called \"\(program)\"",
                at: node.position, suggestion: "several commands are written as a block: \(what): |")
            return nil
        }
        return .words(words)
    }

    private static func inputs(_ node: YAMLNode, _ reading: inout PipelineReading) -> [ContentSource] {
        oneOrMore(node).compactMap { ContentSourceClause.read($0, "an input", &reading) }
    }

    private static func outputs(_ node: YAMLNode, _ reading: inout PipelineReading) -> [StagePath] {
        oneOrMore(node).compactMap { output($0, &reading) }
    }

    private static func oneOrMore(_ node: YAMLNode) -> [YAMLNode] {
        if case .sequence(let list) = node { list.items } else { [node] }
    }

    private static func output(_ node: YAMLNode, _ reading: inout PipelineReading) -> StagePath? {
        guard let text = reading.yaml.text(node, "output") else { return nil }
        guard !text.isAbsolutePath else {
            let work = "\(RunStep.directory)/"
            let relative = text.hasPrefix(work) ? String(text.dropFirst(work.count)) : "dist/"
            reading.yaml.note(
                "output is a path below /work, where run works, not \"\(text)\"", at: node.position,
                suggestion: "write it relative: output: \(relative)")
            return nil
        }
        guard !PathPattern(text: text, contents: false).isGlob else {
            reading.yaml.note("output is a path, not the pattern \"\(text)\"", at: node.position)
            return nil
        }
        return reading.path(text, at: node.position).map {
            StagePath(path: $0, inRoot: false, contents: text.endsInSlash || $0.isRoot)
        }
    }
}
