import BakeModel
import YAMLDocument

/// How a booted image is started, where that is not as it is configured; the keys are those of a stage's `config:`.
extension BootReading {
    mutating func settings(_ map: YAMLMapping) -> ImageConfiguration {
        ImageConfiguration(
            entrypoint: map["entrypoint"].flatMap { words($0, "\"entrypoint\"") },
            command: map["cmd"].flatMap { words($0, "\"cmd\"") },
            environment: map["env"].map { variables($0) } ?? [], ports: map["ports"].map { ports($0) } ?? [],
            user: map["user"].flatMap { reader.text($0, "\"user\"") },
            workingDirectory: map["workdir"].flatMap { directory($0) })
    }

    /// A list is taken as it is; text is for the shell.
    private mutating func words(_ node: YAMLNode, _ what: String) -> [String]? {
        if case .scalar = node { return reader.text(node, what).map { ["/bin/sh", "-c", $0] } }
        return reader.texts(node, what)
    }

    private mutating func variables(_ node: YAMLNode) -> [String] {
        guard let map = reader.mapping(node, "\"env\"") else { return [] }
        return map.members.compactMap { member in
            let name = member.key.text
            guard !name.isEmpty, !name.utf8.contains(UInt8(ascii: "=")) else {
                reader.note("\"\(name)\" is no name of a variable", at: member.key.position)
                return nil
            }
            return reader.text(member.value, "the variable \(name)").map { "\(name)=\($0)" }
        }
    }

    private mutating func ports(_ node: YAMLNode) -> [String] {
        (reader.items(node, "\"ports\"") ?? []).compactMap { item in
            guard let text = reader.text(item, "a port") else { return nil }
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            let transport = parts.count == 1 ? "tcp" : String(parts[1])
            guard parts.count <= 2, let number = UInt16(parts[0]), number > 0, ["tcp", "udp"].contains(transport) else {
                reader.note(
                    "\"\(text)\" is no port", at: item.position,
                    suggestion: "a port is a number up to 65535, with /udp where it is not TCP")
                return nil
            }
            return "\(number)/\(transport)"
        }
    }

    private mutating func directory(_ node: YAMLNode) -> String? {
        guard let text = reader.text(node, "\"workdir\"") else { return nil }
        if text.utf8.first == UInt8(ascii: "/") { return text }
        reader.note("\"workdir\" is an absolute path, not \"\(text)\"", at: node.position)
        return nil
    }
}
