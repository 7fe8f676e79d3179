/// An XPath 1.0 that can be evaluated. W3C "XML Path Language (XPath) Version 1.0", without variables and namespace
/// axes; with `ends-with`, `lower-case` and `upper-case` of later versions, which goss's library has as well.
struct XPath: Hashable, Sendable {
    /// The path as written.
    let text: String
    private let expression: XPathExpression

    /// Why a text is no path, or a path cannot be evaluated.
    struct Fault: Error, Hashable {
        let reason: String
    }

    /// Reads a path.
    init(_ text: String) throws(Fault) {
        self.text = text
        expression = try XPathParser.expression(of: text)
    }

    /// What it is in a document.
    func result(in document: XMLDocument) throws(Fault) -> XPathResult {
        let tree = XMLTree(document)
        var evaluation = XPathEvaluation(tree)
        let value = try evaluation.value(of: expression, at: XPathContext(node: XMLTree.root, position: 1, size: 1))
        return XPathResult(value: value, tree: tree)
    }
}

/// A part of a path that has a value.
indirect enum XPathExpression: Hashable, Sendable {
    case number(Double)
    case literal(String)
    case call(XPathFunction, [XPathExpression])
    case negated(XPathExpression)
    case binary(XPathOperator, XPathExpression, XPathExpression)
    /// The steps from a start: the root, the node that is looked at, or the nodes of an expression.
    case path(XPathStart, [XPathStep])
}

/// Where steps begin.
indirect enum XPathStart: Hashable, Sendable {
    case root
    case context
    case nodes(XPathExpression, [XPathExpression])
}

/// A step of a path.
struct XPathStep: Hashable, Sendable {
    var axis: XPathAxis
    var test: XPathTest
    var predicates: [XPathExpression] = []

    /// What stands for `//`.
    static let anywhere = XPathStep(axis: .descendantOrSelf, test: .node)
}

/// In which direction a step looks.
enum XPathAxis: String, Hashable, Sendable {
    case child, descendant, parent, ancestor, attribute, `self`
    case descendantOrSelf = "descendant-or-self"
    case ancestorOrSelf = "ancestor-or-self"
    case followingSibling = "following-sibling"
    case precedingSibling = "preceding-sibling"
    case following, preceding

}

/// Which nodes a step takes.
enum XPathTest: Hashable, Sendable {
    /// `node()`.
    case node
    /// `text()`.
    case text
    /// `comment()` and `processing-instruction()`, which are not kept.
    case nothing
    /// `*` and `prefix:*`.
    case any(prefix: String?)
    case name(String)
}

/// What stands between two expressions.
enum XPathOperator: String, Hashable, Sendable {
    case or, and, div, mod
    case equal = "="
    case unequal = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case plus = "+"
    case minus = "-"
    case times = "*"
    case union = "|"
}

/// The functions of XPath's core library, and a few later ones.
enum XPathFunction: String, Hashable, Sendable {
    case last, position, count, name, string, concat, contains, substring, translate, boolean, not, number, sum, floor
    case ceiling, round
    case localName = "local-name"
    case startsWith = "starts-with"
    case endsWith = "ends-with"
    case substringBefore = "substring-before"
    case substringAfter = "substring-after"
    case stringLength = "string-length"
    case normalizeSpace = "normalize-space"
    case lowerCase = "lower-case"
    case upperCase = "upper-case"
    case yes = "true"
    case no = "false"

    /// How many arguments it takes.
    var arity: ClosedRange<Int> {
        switch self {
        case .last, .position, .yes, .no: 0...0
        case .name, .localName, .string, .number, .stringLength, .normalizeSpace: 0...1
        case .count, .boolean, .not, .sum, .floor, .ceiling, .round, .lowerCase, .upperCase: 1...1
        case .contains, .startsWith, .endsWith, .substringBefore, .substringAfter: 2...2
        case .substring: 2...3
        case .translate: 3...3
        case .concat: 2...100
        }
    }
}
