/// The values of a document that have names, by these.
struct YAMLAnchors {
    private var nodes: [YAMLName: YAMLNode] = [:]

    /// The value that has a name so far; a name may be given again.
    subscript(name: String) -> YAMLNode? {
        get { nodes[YAMLName(name)] }
        set { nodes[YAMLName(name)] = newValue }
    }
}

/// A key or an anchor, which is its bytes: Swift's `String` takes two spellings of é for one.
struct YAMLName: Hashable {
    private let text: String

    init(_ text: String) { self.text = text }

    static func == (one: YAMLName, other: YAMLName) -> Bool { one.text.hasBytes(of: other.text) }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension String {
    /// Whether both are the same bytes.
    func hasBytes(of other: String) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }
}

extension YAMLNode {
    /// How many values it is, itself among them, and how deep they nest. No deeper than the composer's limit.
    var extent: (nodes: Int, depth: Int) {
        let below: [(nodes: Int, depth: Int)] =
            switch self {
            case .scalar, .unusable: []
            case .sequence(let list): list.items.map(\.extent)
            // A key is a value, too.
            case .mapping(let map):
                map.members.map { member in
                    let extent = member.value.extent
                    return (extent.nodes + 1, extent.depth)
                }
            }
        return (below.reduce(1) { $0 + $1.nodes }, 1 + (below.map(\.depth).max() ?? 0))
    }

    /// `<<`, whose value's members belong to the map around it. YAML 1.1, merge key type.
    var isMergeKey: Bool { if case .scalar(let scalar) = self { scalar.isPlain && scalar.text == "<<" } else { false } }

    /// The items of a list; anything else is a list of itself.
    var listed: [YAMLNode] { if case .sequence(let list) = self { list.items } else { [self] } }
}
