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
        let known = ResourceType.allCases.map(\.rawValue) + [ResourceType.inclusion]
        if case .sequence(let list) = root {
            reader.note(
                "a spec is a map, not a list", at: list.position,
                suggestion: "as in file: { /etc/passwd: { exists: true } }; several specs are several files")
            return []
        }
        let foreign = foreignKeys(of: root, besides: known)
        guard let map = reader.record(root, "a spec", keys: known + foreign.map(\.text)) else { return [] }
        for key in foreign {
            warn("a spec has no key \"\(key.text)\": goss passes over it, and so does bake", at: key.position)
        }
        var resources: [Resource] = []
        for member in map.members {
            guard let type = ResourceType(rawValue: member.key.text) else { continue }
            resources += self.resources(of: type, member.value)
        }
        return resources
    }

    /// The keys at the top that goss does not know and passes over. Not those that look like a misspelt section, or like what
    /// an empty section should have, whose checks nobody would make, nor what Windows alone has.
    private func foreignKeys(of root: YAMLNode, besides known: [String]) -> [YAMLScalar] {
        guard case .mapping(let map) = root else { return [] }
        let sections = map.members.filter { known.contains($0.key.text) }
        guard !sections.isEmpty, !sections.contains(where: \.value.isEmpty) else { return [] }
        return map.members.map(\.key).filter { key in
            !known.contains(key.text) && key.text != Self.windowsKey && Spelling.closest(to: key.text, in: known) == nil
        }
    }

    private static let windowsKey = "registry"

    /// The other spec files that this one names, in the order of their keys, as goss takes them.
    mutating func inclusions(_ root: YAMLNode) -> [SpecInclusion] {
        guard case .mapping(let map) = root, let node = map[ResourceType.inclusion] else { return [] }
        if case .scalar(let scalar) = node, scalar.isNull { return [] }
        guard let files = reader.mapping(node, "\"gossfile\"") else { return [] }
        let sorted = files.members.sorted { $0.key.text.utf8.lexicographicallyPrecedes($1.key.text.utf8) }
        return sorted.compactMap { inclusion($0) }
    }

    private mutating func inclusion(_ member: YAMLMapping.Member) -> SpecInclusion? {
        let keys = ["file", "title", "meta", "skip"]
        // goss's own documentation writes `other.yaml: {}`; nothing at all cannot be parsed there.
        guard let map = reader.record(member.value, "a gossfile", keys: keys) else { return nil }
        if let skip = map["skip"], reader.flag(skip, "\"skip\"") == true { return nil }
        let pattern = map["file"].flatMap { reader.scalar($0, "\"file\"") } ?? member.key
        return SpecInclusion(pattern: pattern.text, position: pattern.position)
    }

    private mutating func resources(of type: ResourceType, _ node: YAMLNode) -> [Resource] {
        // A section whose resources are all commented out.
        if case .scalar(let scalar) = node, scalar.isNull { return [] }
        guard let map = reader.mapping(node, "\"\(type.rawValue)\"") else { return [] }
        return map.members.compactMap { resource(type, $0.key, $0.value) }
    }

    /// The keys that each type's resources may have.
    private static let keys = Dictionary(
        uniqueKeysWithValues: ResourceType.allCases.map { type in
            let own = [type.subjectKey] + type.properties.map(\.rawValue) + type.options + type.oldSpellings.keys
            return (type, own + ["title", "meta", "skip"])
        })

    private mutating func resource(_ type: ResourceType, _ key: YAMLScalar, _ node: YAMLNode) -> Resource? {
        guard let map = reader.record(node, "a \(type.rawValue)", keys: Self.keys[type] ?? []) else { return nil }
        let subject = subject(type, key, map)
        let isSkipped = map["skip"].flatMap { reader.flag($0, "\"skip\"") } ?? false
        let expectations = expectations(type, of: map)
        guard let inquiry = inquiry(type, subject, map) else { return nil }
        let title = map["title"].flatMap { reader.scalar($0, "\"title\"") }?.text ?? ""
        let isKey = key.text.utf8.elementsEqual(subject.text.utf8)
        return Resource(
            id: isKey ? key.text : "\(key.text): \(subject.text)", key: key.text, inquiry: inquiry,
            expectations: expectations, isSkipped: isSkipped,
            title: title.isEmpty ? nil : title,
            meta: map["meta"].map { DataValue($0).note })
    }

    /// What is asked about: the resource's own key, or what stands instead of it, which in goss is as good as absent where it
    /// is empty. The words of a command are no name.
    private mutating func subject(_ type: ResourceType, _ key: YAMLScalar, _ map: YAMLMapping) -> YAMLScalar {
        guard let node = map[type.subjectKey] else { return key }
        if type == .command, case .sequence = node { return key }
        guard let other = reader.scalar(node, "\"\(type.subjectKey)\"") else { return key }
        guard other.text.isEmpty else { return other }
        warn("\"\(type.subjectKey)\" is empty: the key itself counts", at: other.position)
        return key
    }

    private mutating func expectations(_ type: ResourceType, of map: YAMLMapping) -> [Expectation] {
        let properties = type.properties
        let oldSpellings = type.oldSpellings
        let readsContent = map["as-reader"].map {
            if case .scalar(let flag) = $0 { flag.boolean == true } else { false }
        }
        var expectations: [Expectation] = []
        for property in properties {
            let old = oldSpellings.first { $0.value == property }?.key
            if let node = map[property.rawValue] ?? old.flatMap({ map[$0] }) {
                let isRead = property.isRead || readsContent == true
                guard let matcher = heardMatcher(for: property, node, isRead: isRead) else { continue }
                expectations.append(Expectation(property: property, matcher: matcher))
            } else if property == properties.first, type.requiresFirst {
                expectations.append(Expectation(property: property, matcher: nil))
            }
        }
        return expectations
    }

    /// As `matcher`; a value that comes to nothing has a fault or a warning in any case, and is never passed over.
    private mutating func heardMatcher(for property: Property, _ node: YAMLNode, isRead: Bool) -> Matcher? {
        let warned = warnings.count
        if let matcher = matcher(for: property, node, isRead: isRead) { return matcher }
        if reader.faults.isEmpty, warnings.count == warned {
            reader.note("\"\(property.rawValue)\" is not understood", at: node.position)
        }
        return nil
    }

    /// Notes what is legal and yet probably not meant.
    mutating func warn(_ message: String, at position: SourcePosition, suggestion: String? = nil) {
        warnings.append(source.fault(message, at: position, suggestion: suggestion))
    }
}

extension YAMLNode {
    /// Whether nothing was written.
    fileprivate var isEmpty: Bool { if case .scalar(let scalar) = self { scalar.isNull } else { false } }
}
