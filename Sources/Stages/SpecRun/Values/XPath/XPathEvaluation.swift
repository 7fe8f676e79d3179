/// Where an expression is evaluated.
struct XPathContext {
    let node: Int
    let position: Int
    let size: Int
}

/// Evaluates expressions in a document. XPath 1.0, 2 and 3; it looks at so many nodes at most.
struct XPathEvaluation {
    let tree: XMLTree
    private var looks = 0
    private static let mostLooks = 500_000

    init(_ tree: XMLTree) { self.tree = tree }

    mutating func value(of expression: XPathExpression, at context: XPathContext) throws(XPath.Fault) -> XPathValue {
        try look()
        switch expression {
        case .number(let number): return .number(number)
        case .literal(let text): return .text(text)
        case .negated(let inner): return .number(-(try number(try value(of: inner, at: context))))
        case .call(let function, let arguments): return try call(function, arguments, context)
        case .binary(let sign, let left, let right): return try binary(sign, left, right, context)
        case .path(let start, let steps): return .nodes(try nodes(start, steps, context))
        }
    }

    /// - Parameter count: how many nodes are looked at.
    private mutating func look(_ count: Int = 1) throws(XPath.Fault) {
        looks += count
        guard looks <= Self.mostLooks else {
            throw XPath.Fault(reason: "it looks at more than \(Self.mostLooks) nodes")
        }
    }

    // MARK: Paths

    private mutating func nodes(
        _ start: XPathStart, _ steps: [XPathStep], _ context: XPathContext
    ) throws(XPath.Fault) -> [Int] {
        var nodes: [Int]
        switch start {
        case .root: nodes = [XMLTree.root]
        case .context: nodes = [context.node]
        case .nodes(let inner, let predicates):
            guard case .nodes(let found) = try value(of: inner, at: context) else {
                throw XPath.Fault(reason: "steps and conditions need nodes to begin with")
            }
            nodes = found
            for predicate in predicates { nodes = try admitted(nodes, predicate) }
        }
        for step in steps { nodes = try self.nodes(step, from: nodes) }
        return nodes
    }

    private mutating func nodes(_ step: XPathStep, from starts: [Int]) throws(XPath.Fault) -> [Int] {
        var all: Set<Int> = []
        for start in starts {
            var found: [Int] = []
            for number in candidates(step.axis, from: start) {
                try look()
                if fits(number, step) { found.append(number) }
            }
            for predicate in step.predicates { found = try admitted(found, predicate) }
            all.formUnion(found)
        }
        return all.sorted()
    }

    /// A number admits the node at that position; everything else is true or false.
    private mutating func admitted(_ nodes: [Int], _ predicate: XPathExpression) throws(XPath.Fault) -> [Int] {
        var admitted: [Int] = []
        for (offset, number) in nodes.enumerated() {
            let context = XPathContext(node: number, position: offset + 1, size: nodes.count)
            let value = try value(of: predicate, at: context)
            let isIn = if case .number(let position) = value { position == Double(offset + 1) } else { value.isTrue }
            if isIn { admitted.append(number) }
        }
        return admitted
    }

    /// The nodes in a direction, the nearest first.
    private func candidates(_ axis: XPathAxis, from number: Int) -> [Int] {
        let node = tree.nodes[number]
        switch axis {
        case .`self`: return [number]
        case .child: return node.children
        case .attribute: return Array(node.attributes)
        case .parent: return node.parent.map { [$0] } ?? []
        case .descendant: return below(number)
        case .descendantOrSelf: return [number] + below(number)
        case .ancestor: return ancestors(of: number)
        case .ancestorOrSelf: return [number] + ancestors(of: number)
        case .followingSibling: return siblings(of: number).filter { $0 > number }
        case .precedingSibling: return siblings(of: number).filter { $0 < number }.reversed()
        case .following: return (node.end..<tree.nodes.count).filter { tree.nodes[$0].kind != .attribute }
        case .preceding:
            let above = Set(ancestors(of: number))
            return (0..<number).filter { tree.nodes[$0].kind != .attribute && !above.contains($0) }.reversed()
        }
    }

    private func below(_ number: Int) -> [Int] {
        let end = tree.nodes[number].end
        guard number + 1 < end, tree.nodes[number].kind != .attribute else { return [] }
        return (number + 1..<end).filter { tree.nodes[$0].kind != .attribute }
    }

    private func ancestors(of number: Int) -> [Int] {
        Array(sequence(first: number) { tree.nodes[$0].parent }.dropFirst())
    }

    private func siblings(of number: Int) -> [Int] {
        guard tree.nodes[number].kind != .attribute, let parent = tree.nodes[number].parent else { return [] }
        return tree.nodes[parent].children
    }

    private func fits(_ number: Int, _ step: XPathStep) -> Bool {
        let node = tree.nodes[number]
        let principal: XMLTree.Kind = step.axis == .attribute ? .attribute : .element
        return switch step.test {
        case .node: true
        case .text: node.kind == .text
        case .nothing: false
        case .any(let prefix): node.kind == principal && (prefix.map { node.name.hasPrefix("\($0):") } ?? true)
        case .name(let name): node.kind == principal && node.name == name
        }
    }

    // MARK: Operators

    private mutating func binary(
        _ sign: XPathOperator, _ left: XPathExpression, _ right: XPathExpression, _ context: XPathContext
    ) throws(XPath.Fault) -> XPathValue {
        let one = try value(of: left, at: context)
        if sign == .or, one.isTrue { return .bool(true) }
        if sign == .and, !one.isTrue { return .bool(false) }
        let other = try value(of: right, at: context)
        switch sign {
        case .or, .and: return .bool(other.isTrue)
        case .union:
            guard case .nodes(let some) = one, case .nodes(let more) = other else {
                throw XPath.Fault(reason: "| joins nodes")
            }
            return .nodes(Set(some + more).sorted())
        case .plus: return .number(try number(one) + number(other))
        case .minus: return .number(try number(one) - number(other))
        case .times: return .number(try number(one) * number(other))
        case .div: return .number(try number(one) / number(other))
        case .mod: return .number(try number(one).truncatingRemainder(dividingBy: number(other)))
        case .equal, .unequal, .less, .lessOrEqual, .greater, .greaterOrEqual:
            return .bool(try compares(one, other, sign))
        }
    }

    /// Of nodes one suffices. XPath 1.0, 3.4.
    private mutating func compares(
        _ one: XPathValue, _ other: XPathValue, _ sign: XPathOperator
    ) throws(XPath.Fault) -> Bool {
        if case .bool = other, case .nodes = one { return try compare(.bool(one.isTrue), other, sign) }
        if case .bool = one, case .nodes = other { return try compare(one, .bool(other.isTrue), sign) }
        let others = try items(other)
        for left in try items(one) {
            for right in others {
                try look()
                if try compare(left, right, sign) { return true }
            }
        }
        return false
    }

    private mutating func items(_ value: XPathValue) throws(XPath.Fault) -> [XPathValue] {
        guard case .nodes(let nodes) = value else { return [value] }
        var items: [XPathValue] = []
        for node in nodes { items.append(.text(try text(of: node))) }
        return items
    }

    private mutating func compare(
        _ one: XPathValue, _ other: XPathValue, _ sign: XPathOperator
    ) throws(XPath.Fault) -> Bool {
        switch sign {
        case .equal: return try isEqual(one, other)
        case .unequal: return try !isEqual(one, other)
        case .less: return try number(one) < number(other)
        case .lessOrEqual: return try number(one) <= number(other)
        case .greater: return try number(one) > number(other)
        default: return try number(one) >= number(other)
        }
    }

    private mutating func isEqual(_ one: XPathValue, _ other: XPathValue) throws(XPath.Fault) -> Bool {
        switch (one, other) {
        case (.bool, _), (_, .bool): return one.isTrue == other.isTrue
        case (.number, _), (_, .number): return try number(one) == number(other)
        default: return try text(one).utf8.elementsEqual(text(other).utf8)
        }
    }

    /// The text of a node, for which all that stands below it is looked at.
    mutating func text(of node: Int) throws(XPath.Fault) -> String {
        try look(tree.nodes[node].end - node)
        return tree.text(of: node)
    }
}
