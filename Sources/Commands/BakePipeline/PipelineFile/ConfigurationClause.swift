import BakeModel
import YAMLDocument

/// `config:`, how programs of the image are started.
enum ConfigurationClause {
    private static let keys = [
        "cmd", "entrypoint", "env", "ports", "user", "workdir", "labels", "stop-signal", "volumes",
    ]
    private static let laterKeys = ["healthcheck", "shell", "onbuild"]

    /// Reads the configuration.
    static func read(_ node: YAMLNode, _ reading: inout PipelineReading) -> ImageConfiguration {
        var configuration = ImageConfiguration()
        guard let clause = reading.yaml.record(node, "config", keys: keys, later: laterKeys) else {
            return configuration
        }
        configuration.entrypoint = clause["entrypoint"].flatMap { words($0, "entrypoint", &reading.yaml) }
        configuration.command = clause["cmd"].flatMap { words($0, "cmd", &reading.yaml) }
        configuration.environment = clause["env"].map { EnvironmentClause.read($0, &reading.yaml) } ?? []
        configuration.ports = clause["ports"].map { ports($0, &reading.yaml) } ?? []
        configuration.user = clause["user"].flatMap { reading.yaml.text($0, "user") }
        configuration.workingDirectory = clause["workdir"].flatMap { directory($0, "workdir", &reading) }
        configuration.labels = clause["labels"].map { labels($0, &reading.yaml) } ?? [:]
        configuration.stopSignal = clause["stop-signal"].flatMap { signal($0, &reading.yaml) }
        configuration.volumes = clause["volumes"].map { volumes($0, &reading) } ?? []
        return configuration
    }

    /// A list is taken as it is; text is for the shell, as in a Dockerfile.
    private static func words(_ node: YAMLNode, _ what: String, _ yaml: inout YAMLReader) -> [String]? {
        if case .scalar = node { return yaml.text(node, what).map { ["/bin/sh", "-c", $0] } }
        return yaml.texts(node, what)
    }

    private static func ports(_ node: YAMLNode, _ yaml: inout YAMLReader) -> [String] {
        (yaml.items(node, "ports") ?? []).compactMap { item in
            guard let text = yaml.text(item, "a port") else { return nil }
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            let isNumber = parts[0].utf8.allSatisfy { (0x30...0x39).contains($0) }
            let transport = parts.count == 1 ? "tcp" : String(parts[1])
            guard parts.count <= 2, isNumber, let number = UInt16(parts[0]), number > 0,
                ["tcp", "udp", "sctp"].contains(transport)
            else {
                yaml.note(
                    "\"\(text)\" is no port", at: item.position,
                    suggestion: "a port is a number up to 65535, with /udp where it is not TCP")
                return nil
            }
            return "\(number)/\(transport)"
        }
    }

    private static func directory(
        _ node: YAMLNode, _ what: String, _ reading: inout PipelineReading
    ) -> String? {
        guard let text = reading.yaml.text(node, what) else { return nil }
        guard text.isAbsolutePath else {
            reading.yaml.note("\(what) is an absolute path, not \"\(text)\"", at: node.position)
            return nil
        }
        return reading.path(text, at: node.position).map { "/\($0)" }
    }

    private static func volumes(_ node: YAMLNode, _ reading: inout PipelineReading) -> [String] {
        (reading.yaml.items(node, "volumes") ?? []).compactMap { directory($0, "a volume", &reading) }
    }

    private static func labels(_ node: YAMLNode, _ yaml: inout YAMLReader) -> [String: String] {
        var labels: [String: String] = [:]
        for member in yaml.mapping(node, "labels")?.members ?? [] {
            if let text = yaml.text(member.value, "the label \(member.key.text)") { labels[member.key.text] = text }
        }
        return labels
    }

    private static func signal(_ node: YAMLNode, _ yaml: inout YAMLReader) -> String? {
        guard let text = yaml.text(node, "stop-signal") else { return nil }
        if StopSignal.accepts(text) { return text }
        yaml.note(
            "\"\(text)\" is no signal", at: node.position,
            suggestion: Spelling.suggestion(for: text, in: StopSignal.names) ?? "as in SIGTERM")
        return nil
    }
}
