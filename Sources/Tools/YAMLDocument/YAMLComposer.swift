import BakeModel

/// Builds the nodes of one document from its events, within limits, and notes what bake does not take from YAML.
struct YAMLComposer {
    private let events: YAMLEventStream
    private let limits: YAMLLimits
    private var depth = 0
    private var nodes = 0
    private var anchors = YAMLAnchors()
    /// What is wrong so far, without the lines.
    private(set) var faults: [Fault] = []

    /// A fault before its line is known.
    struct Fault: Error {
        let message: String
        let position: SourcePosition
        var suggestion: String?
    }

    /// Why composing ended early.
    enum Stop: Error {
        case syntax(YAMLProblem)
        case limit(Fault)
    }

    init(_ events: YAMLEventStream, limits: YAMLLimits) {
        self.events = events
        self.limits = limits
    }

    /// The root of the only document; nil where the stream has none.
    mutating func document() throws(Stop) -> YAMLNode? {
        _ = try next()
        guard case .documentStart = try next().kind else { return nil }
        let root = try node(try next())
        _ = try next()
        let after = try next()
        if case .documentStart = after.kind {
            throw .limit(Fault(message: "a second document begins here; the file holds one", position: after.position))
        }
        return root
    }

    private func next() throws(Stop) -> YAMLEvent {
        do { return try events.next() } catch { throw .syntax(error) }
    }

    private mutating func node(_ event: YAMLEvent) throws(Stop) -> YAMLNode {
        nodes += 1
        guard nodes <= limits.nodes else { throw limit("more than \(limits.nodes) values", event) }
        guard depth < limits.depth else { throw limit("values nest deeper than \(limits.depth)", event) }
        depth += 1
        defer { depth -= 1 }
        noteProperties(of: event)
        let value = try value(event)
        // Only now: an alias within its own anchor would have no end.
        if limits.takesAliases, let anchor = event.anchor { anchors[anchor] = value }
        return value
    }

    private mutating func value(_ event: YAMLEvent) throws(Stop) -> YAMLNode {
        switch event.kind {
        case .scalar(let text, let isPlain): return scalar(text, isPlain, event.position)
        case .sequenceStart: return .sequence(YAMLSequence(items: try items(), position: event.position))
        case .mappingStart: return .mapping(YAMLMapping(members: try members(), position: event.position))
        case .alias(let name): return try alias(name, event)
        default: return .unusable(event.position)
        }
    }

    private func limit(_ message: String, _ event: YAMLEvent) -> Stop {
        .limit(Fault(message: message, position: event.position))
    }

    private mutating func noteProperties(of event: YAMLEvent) {
        if let anchor = event.anchor, !limits.takesAliases {
            note(
                "anchors are not in this version: &\(anchor)", event.position, "write the value out where it is needed")
        }
        if let tag = event.tag {
            note("types are not in this version: \(tag)", event.position, "quote the value where it is text")
        }
    }

    private mutating func alias(_ name: String, _ event: YAMLEvent) throws(Stop) -> YAMLNode {
        guard limits.takesAliases else {
            note("aliases are not in this version: *\(name)", event.position, "a pattern needs quotes: \"*\(name)\"")
            return .unusable(event.position)
        }
        guard let node = anchors[name] else {
            note("there is no anchor &\(name) before this", event.position, "a pattern needs quotes: \"*\(name)\"")
            return .unusable(event.position)
        }
        let extent = node.extent
        nodes += extent.nodes
        guard nodes <= limits.nodes else { throw limit("more than \(limits.nodes) values", event) }
        guard depth + extent.depth <= limits.depth else {
            throw limit("values nest deeper than \(limits.depth)", event)
        }
        return node
    }

    private mutating func scalar(_ text: String, _ isPlain: Bool, _ position: SourcePosition) -> YAMLNode {
        guard !text.utf8.contains(0) else {
            note("the text contains a NUL character", position)
            return .unusable(position)
        }
        return .scalar(YAMLScalar(text: text, isPlain: isPlain, position: position))
    }

    private mutating func items() throws(Stop) -> [YAMLNode] {
        var items: [YAMLNode] = []
        while true {
            let event = try next()
            if case .sequenceEnd = event.kind { return items }
            items.append(try node(event))
        }
    }

    private mutating func members() throws(Stop) -> [YAMLMapping.Member] {
        var members: [YAMLMapping.Member] = []
        var lines: [YAMLName: Int] = [:]
        var merged: [YAMLNode] = []
        while true {
            let event = try next()
            if case .mappingEnd = event.kind { return members + additions(to: lines, from: merged) }
            let name = try node(event)
            let found = try node(try next())
            if limits.takesAliases, name.isMergeKey {
                merged.append(found)
                continue
            }
            guard let key = key(name) else { continue }
            let value = placed(found, by: key)
            if let line = lines.updateValue(key.position.line, forKey: YAMLName(key.text)) {
                note("the key \"\(key.text)\" stands twice, first in line \(line)", key.position)
            } else {
                members.append(YAMLMapping.Member(key: key, value: value))
            }
        }
    }

    /// The members that merge keys add: what stands there itself counts, then what is merged first.
    private mutating func additions(to own: [YAMLName: Int], from merged: [YAMLNode]) -> [YAMLMapping.Member] {
        if merged.isEmpty { return [] }
        var known = Set(own.keys)
        var added: [YAMLMapping.Member] = []
        for node in merged.flatMap(\.listed) {
            switch node {
            case .mapping(let map): added += map.members.filter { known.insert(YAMLName($0.key.text)).inserted }
            case .unusable: break
            default: note("\"<<\" is a map, or a list of maps, not \(node.kind)", node.position)
            }
        }
        return added
    }

    private mutating func key(_ node: YAMLNode) -> YAMLScalar? {
        switch node {
        case .scalar(let scalar) where node.isMergeKey:
            note("merge keys are not in this version", scalar.position, "write the values out where they are needed")
        case .scalar(let scalar) where scalar.isNull: note("a key is empty", scalar.position)
        case .scalar(let scalar): return scalar
        case .sequence, .mapping: note("a key is text, not \(node.kind)", node.position)
        case .unusable: break
        }
        return nil
    }

    /// A value that is not there has the place of its key: libyaml gives it that of the next token, lines away.
    private func placed(_ value: YAMLNode, by key: YAMLScalar) -> YAMLNode {
        guard case .scalar(let scalar) = value, scalar.isPlain, scalar.text.isEmpty else { return value }
        return .scalar(YAMLScalar(text: "", isPlain: true, position: key.position))
    }

    private mutating func note(_ message: String, _ position: SourcePosition, _ suggestion: String? = nil) {
        guard faults.count < limits.faults else { return }
        faults.append(Fault(message: message, position: position, suggestion: suggestion))
    }
}
