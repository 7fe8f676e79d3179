import BakeModel

/// Everything that went into a node, as a readable list: equal keys mean equal results.
public struct StageKey: Hashable, Sendable {
    /// One thing that went in: its name, and text or a digest that changes when it does.
    public struct Input: Hashable, Sendable {
        /// What it is, `src/index.html` or `command`.
        public let name: String
        /// What it was.
        public let value: String

        /// Describes an input.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The inputs, in the order that the node names them.
    public let inputs: [Input]
    /// The digest under which the result is kept.
    public let digest: Digest

    /// Describes a key.
    public init(_ inputs: [Input]) {
        self.inputs = inputs
        digest = Self.json(inputs).digest
    }

    /// The list as JSON: pairs, so that the order stands.
    var json: JSON { Self.json(inputs) }

    private static func json(_ inputs: [Input]) -> JSON {
        .array(inputs.map { .array([.string($0.name), .string($0.value)]) })
    }

    init?(_ json: JSON) {
        let inputs = json.items?.map { pair -> Input? in
            guard let items = pair.items, items.count == 2, let name = items[0].string, let value = items[1].string
            else { return nil }
            return Input(name, value)
        }
        guard let inputs, !inputs.contains(nil) else { return nil }
        self.init(inputs.compactMap { $0 })
    }

    /// What differs between an earlier key and this one: changed, new, then gone.
    public func differences(from earlier: StageKey) -> [Difference] {
        let (before, names) = earlier.byName
        let (now, nowNames) = byName
        let changes = nowNames.filter { before[$0] != now[$0] }
        let all =
            changes.filter { before[$0] != nil } + changes.filter { before[$0] == nil }
            + names.filter { now[$0] == nil }
        return all.map { Difference(name: $0, before: before[$0], after: now[$0]) }
    }

    /// The values of each name, and the names in their order. A stage may go in twice: its root and its output.
    private var byName: (values: [String: String], names: [String]) {
        var values: [String: String] = [:]
        var names: [String] = []
        for input in inputs {
            if values[input.name] == nil { names.append(input.name) }
            values[input.name] = values[input.name].map { "\($0)\n\(input.value)" } ?? input.value
        }
        return (values, names)
    }

    /// An input that is not what it was.
    public struct Difference: Hashable, Sendable {
        /// What it is.
        public let name: String
        /// What it was; nil where it was not there.
        public let before: String?
        /// What it is now; nil where it is not there any more.
        public let after: String?

        /// The difference in a few words: `config changed`.
        public var text: String {
            before == nil ? "\(name) is new" : after == nil ? "\(name) is gone" : "\(name) changed"
        }
    }
}
