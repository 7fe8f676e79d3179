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

    /// Describes a key.
    public init(_ inputs: [Input]) { self.inputs = inputs }

    /// The digest under which the result is kept.
    public var digest: Digest { json.digest }

    /// The list as JSON: pairs, so that the order stands.
    var json: JSON { .array(inputs.map { .array([.string($0.name), .string($0.value)]) }) }

    init?(_ json: JSON) {
        let inputs = json.items?.map { pair -> Input? in
            guard let items = pair.items, items.count == 2, let name = items[0].string, let value = items[1].string
            else { return nil }
            return Input(name, value)
        }
        guard let inputs, !inputs.contains(nil) else { return nil }
        self.init(inputs.compactMap { $0 })
    }

    /// The names of what differs between an earlier key and this one: changed, new, then gone.
    public func differences(from earlier: StageKey) -> [String] {
        let before = Dictionary(earlier.inputs.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        let now = Set(inputs.map(\.name))
        let changed = inputs.filter { before[$0.name] != nil && before[$0.name] != $0.value }.map(\.name)
        let new = inputs.filter { before[$0.name] == nil }.map { "\($0.name) is new" }
        let gone = earlier.inputs.filter { !now.contains($0.name) }.map { "\($0.name) is gone" }
        return changed + new + gone
    }
}
