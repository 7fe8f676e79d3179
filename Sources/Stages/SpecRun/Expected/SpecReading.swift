import BakeModel
import YAMLDocument

/// Reads the resources of a spec and collects everything that is wrong with them.
struct SpecReading {
    var reader: YAMLReader
    private(set) var warnings: [SourceFault] = []
    private let source: SourceText

    init(_ reader: YAMLReader, _ source: SourceText) {
        self.reader = reader
        self.source = source
    }

    /// The resources, in the file's order.
    mutating func resources(_ root: YAMLNode) -> [Resource] {
        let known = ResourceType.allCases.map(\.rawValue)
        guard let map = reader.record(root, "a spec", keys: known, later: ResourceType.later) else { return [] }
        var resources: [Resource] = []
        for member in map.members {
            guard let type = ResourceType(rawValue: member.key.text) else { continue }
            resources += self.resources(of: type, member.value)
        }
        if reader.faults.isEmpty, resources.allSatisfy({ $0.isSkipped }) {
            let message = resources.isEmpty ? "the spec checks nothing" : "the spec skips everything"
            reader.note(message, at: root.position, suggestion: "leave out \"spec\" where nothing is to be checked")
        }
        return resources
    }

    private mutating func resources(of type: ResourceType, _ node: YAMLNode) -> [Resource] {
        guard let map = reader.mapping(node, "\"\(type.rawValue)\"") else { return [] }
        return map.members.compactMap { resource(type, $0.key, $0.value) }
    }

    private mutating func resource(_ type: ResourceType, _ key: YAMLScalar, _ node: YAMLNode) -> Resource? {
        let properties = type.properties
        let known =
            [type.subjectKey] + properties.map(\.rawValue) + type.options + ["title", "meta", "skip"]
        guard let map = reader.record(node, "a \(type.rawValue)", keys: known) else { return nil }
        let subject = map[type.subjectKey].flatMap { reader.scalar($0, "\"\(type.subjectKey)\"") } ?? key
        let isSkipped = map["skip"].flatMap { reader.flag($0, "\"skip\"") } ?? false
        let expectations = expectations(properties, of: map)
        guard let inquiry = inquiry(type, subject, map) else { return nil }
        let isKey = key.text.utf8.elementsEqual(subject.text.utf8)
        return Resource(
            id: isKey ? key.text : "\(key.text): \(subject.text)", inquiry: inquiry, expectations: expectations,
            isSkipped: isSkipped)
    }

    private mutating func expectations(_ properties: [Property], of map: YAMLMapping) -> [Expectation] {
        var expectations: [Expectation] = []
        for property in properties {
            if let node = map[property.rawValue] {
                guard let matcher = matcher(for: property, node) else { continue }
                expectations.append(Expectation(property: property, matcher: matcher))
            } else if property == properties.first {
                expectations.append(Expectation(property: property, matcher: nil))
            }
        }
        return expectations
    }

    /// Notes what is legal and yet probably not meant.
    mutating func warn(_ message: String, at position: SourcePosition, suggestion: String? = nil) {
        warnings.append(source.fault(message, at: position, suggestion: suggestion))
    }
}
