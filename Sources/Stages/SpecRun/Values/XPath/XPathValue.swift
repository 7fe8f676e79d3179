import Glibc

/// What an expression is. XPath 1.0, 1.
enum XPathValue: Hashable {
    /// The numbers of nodes, in the document's order.
    case nodes([Int])
    case number(Double)
    case text(String)
    case bool(Bool)

    /// XPath 1.0, 4.3, boolean().
    var isTrue: Bool {
        switch self {
        case .nodes(let nodes): !nodes.isEmpty
        case .number(let number): number != 0 && !number.isNaN
        case .text(let text): !text.isEmpty
        case .bool(let bool): bool
        }
    }
}

/// What a path is in a document.
struct XPathResult {
    let value: XPathValue
    private let tree: XMLTree

    init(value: XPathValue, tree: XMLTree) {
        self.value = value
        self.tree = tree
    }

    /// The value as goss compares it: nodes as XML, one after the other.
    var compared: String {
        switch value {
        case .nodes(let nodes): nodes.map(tree.xml).joined()
        case .number(let number): Self.go(number)
        case .text(let text): text
        case .bool(let bool): String(bool)
        }
    }

    /// The value for matchers that look closer than goss does: the text of nodes.
    var found: FoundValue {
        switch value {
        case .nodes(let nodes): nodes.count == 1 ? .text(tree.text(of: nodes[0])) : .texts(nodes.map(tree.text))
        case .number(let number): Int64(exactly: number).map { .number($0) } ?? .text(Self.go(number))
        case .text(let text): .text(text)
        case .bool(let bool): .bool(bool)
        }
    }

    /// Go's strconv.FormatFloat with 'G' and the fewest digits: with an exponent from a million on, and below a ten
    /// thousandth.
    static func go(_ number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Inf" : "+Inf" }
        if number == 0 || (1e-4..<1e6).contains(number.magnitude) {
            let text = "\(number)"
            return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
        }
        return (0...16).lazy.map { scientific(number, digits: $0) }.first { Double($0) == number } ?? "\(number)"
    }

    /// C's `%.*E`.
    private static func scientific(_ number: Double, digits: Int) -> String {
        var text = [CChar](repeating: 0, count: 32)
        _ = withVaList([number]) { vsnprintf(&text, text.count, "%.\(digits)E", $0) }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
