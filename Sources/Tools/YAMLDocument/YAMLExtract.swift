import BakeModel

/// A part of a document as a document of its own (`YAMLNode.text`), and the way back to where it was written.
public struct YAMLExtract: Sendable {
    /// The part's text.
    public let text: String
    private let places: [(own: SourcePosition, written: SourcePosition)]

    /// Takes a part out of the document that it was read from.
    public init(_ node: YAMLNode) {
        text = node.text
        let document = try? YAMLDocument(parsing: Array(text.utf8), file: "")
        // Both have the same values in the same order.
        places = Array(zip(document?.root?.positions ?? [], node.positions)).map { (own: $0, written: $1) }
    }

    /// Where what stands at a place of the text was written: the value there, or else the last one before it.
    public func origin(of position: SourcePosition) -> SourcePosition {
        (places.last { $0.own <= position } ?? places.first)?.written ?? position
    }
}

extension YAMLNode {
    /// Where it and every key and value in it begin, in the document's order.
    fileprivate var positions: [SourcePosition] {
        switch self {
        case .scalar, .unusable: [position]
        case .sequence(let list): [position] + list.items.flatMap(\.positions)
        case .mapping(let map): [position] + map.members.flatMap { [$0.key.position] + $0.value.positions }
        }
    }
}
