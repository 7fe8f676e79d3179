import BakeModel
import RegularExpressions
import YAMLDocument

extension StructureReading {
    /// `metadataTest`; nil for one that asks for nothing, as container-structure-test has it.
    mutating func metadata(_ node: YAMLNode) -> StructureMetadata? {
        let keys = [
            "envVars", "unboundEnvVars", "exposedPorts", "unexposedPorts", "entrypoint", "cmd", "workdir", "volumes",
            "unmountedVolumes", "labels", "user",
        ]
        // Older files have a list of one.
        guard let map = record(node, "the metadata test", keys: keys) else { return nil }
        var test = StructureMetadata()
        test.environment = map["envVars"].map { variables($0, "\"envVars\"") } ?? []
        test.unbound = map["unboundEnvVars"].map { variables($0, "\"unboundEnvVars\"").map(\.key) } ?? []
        test.labels = map["labels"].map { variables($0, "\"labels\"") } ?? []
        test.exposedPorts = texts("exposedPorts", map)
        test.unexposedPorts = texts("unexposedPorts", map)
        test.volumes = texts("volumes", map)
        test.unmountedVolumes = texts("unmountedVolumes", map)
        test.entrypoint = words("entrypoint", map)
        test.command = words("cmd", map)
        test.workingDirectory = text("workdir", map)
        test.user = text("user", map)
        return test == StructureMetadata() ? nil : test
    }

    /// Names with values; the patterns among them are compiled.
    mutating func variables(_ node: YAMLNode, _ what: String) -> [StructureVariable] {
        var variables: [StructureVariable] = []
        for item in reader.items(node, what) ?? [] {
            let keys = ["key", "value", "isRegex"]
            guard let map = record(item, "an item of \(what)", keys: keys), let key = required("key", map)
            else { continue }
            let isPattern = map["isRegex"].flatMap { reader.flag($0, "\"isRegex\"") } ?? false
            let value = text("value", map) ?? ""
            if isPattern, let node = map["value"] { confirm(value, at: node) }
            variables.append(StructureVariable(key: key, value: value, isPattern: isPattern))
        }
        return variables
    }

    /// Text that must be there and say something.
    mutating func required(_ key: String, _ map: YAMLMapping) -> String? {
        guard let node = map[key] else {
            reader.note("the test has no \"\(key)\"", at: map.position)
            return nil
        }
        guard let text = reader.text(node, "\"\(key)\"") else { return nil }
        if text.isEmpty { reader.note("\"\(key)\" is empty", at: node.position) }
        return text
    }

    /// Text that says something; nil where it is absent or empty.
    mutating func text(_ key: String, _ map: YAMLMapping) -> String? {
        let text = map[key].flatMap { reader.text($0, "\"\(key)\"") }
        return text == "" ? nil : text
    }

    /// A list of text; empty where it is absent. A number counts as its digits: ports are often written so.
    mutating func texts(_ key: String, _ map: YAMLMapping) -> [String] { words(key, map) ?? [] }

    /// A list of text, nil where it is absent: an empty list is an expectation.
    mutating func words(_ key: String, _ map: YAMLMapping) -> [String]? {
        map[key].flatMap { reader.texts($0, "\"\(key)\"") }
    }

    /// Regular expressions that compile.
    mutating func patterns(_ key: String, _ map: YAMLMapping) -> [String] {
        guard let node = map[key], let items = reader.items(node, "\"\(key)\"") else { return [] }
        var patterns: [String] = []
        for item in items {
            guard let text = reader.text(item, "an item of \"\(key)\"") else { continue }
            confirm(text, at: item)
            patterns.append(text)
        }
        return patterns
    }

    /// Commands, each a list of words.
    mutating func commands(_ key: String, _ map: YAMLMapping) -> [[String]] {
        guard let node = map[key], let items = reader.items(node, "\"\(key)\"") else { return [] }
        var commands: [[String]] = []
        for item in items {
            guard let words = reader.texts(item, "a command of \"\(key)\"") else { continue }
            if words.isEmpty { reader.note("a command of \"\(key)\" has no words", at: item.position) }
            commands.append(words)
        }
        return commands
    }

    private mutating func confirm(_ pattern: String, at node: YAMLNode) {
        do throws(RegularExpression.Fault) {
            _ = try RegularExpression(pattern)
        } catch {
            reader.note("the regular expression is wrong: \(error.reason)", at: node.position, suggestion: error.hint)
        }
    }
}
