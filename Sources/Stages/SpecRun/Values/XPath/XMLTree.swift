/// An XML document as XPath sees it: nodes in the document's order, which is that of their numbers. XPath 1.0, 5.
struct XMLTree {
    /// What a node is.
    enum Kind: Hashable { case root, element, attribute, text }

    /// A node.
    struct Node {
        let kind: Kind
        /// An element's or an attribute's name, with its prefix.
        let name: String
        /// An attribute's value, or text.
        let value: String
        let parent: Int?
        var attributes: Range<Int> = 0..<0
        var children: [Int] = []
        /// The number behind the last node below it.
        var end = 0
    }

    private(set) var nodes: [Node] = []
    /// The number of what stands above the root element.
    static let root = 0

    init(_ document: XMLDocument) {
        nodes.append(Node(kind: .root, name: "", value: "", parent: nil))
        fill(Self.root, with: document.top)
    }

    private mutating func fill(_ number: Int, with element: XMLDocument.Element) {
        let first = nodes.count
        // Declarations of namespaces are no attributes; none is looked up here.
        for attribute in element.attributes where !attribute.isDeclaration {
            nodes.append(
                Node(
                    kind: .attribute, name: attribute.name, value: attribute.value, parent: number, end: nodes.count + 1
                ))
        }
        nodes[number].attributes = first..<nodes.count
        for part in element.nodes {
            let child = nodes.count
            nodes[number].children.append(child)
            switch part {
            case .text(let text): nodes.append(Node(kind: .text, name: "", value: text, parent: number, end: child + 1))
            case .element(let element):
                nodes.append(Node(kind: .element, name: element.name, value: "", parent: number))
                fill(child, with: element)
            }
        }
        nodes[number].end = nodes.count
    }

    /// The text of a node and of everything below it.
    func text(of number: Int) -> String {
        let node = nodes[number]
        if node.kind == .attribute || node.kind == .text { return node.value }
        return nodes[number..<node.end].filter { $0.kind == .text }.map(\.value).joined()
    }

    /// A node as XML, as goss's library writes it: an attribute like an element.
    func xml(of number: Int) -> String {
        let node = nodes[number]
        switch node.kind {
        case .text: return GoText.markup(node.value)
        case .attribute: return "<\(node.name)>\(GoText.markup(node.value))</\(node.name)>"
        case .root: return node.children.map(xml).joined()
        case .element:
            let attributes = nodes[node.attributes].map { " \($0.name)=\"\(GoText.markup($0.value))\"" }.joined()
            if node.children.isEmpty { return "<\(node.name)\(attributes)/>" }
            return "<\(node.name)\(attributes)>\(node.children.map(xml).joined())</\(node.name)>"
        }
    }
}
