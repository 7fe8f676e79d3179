/// The functions and the conversions between values. XPath 1.0, 4.
extension XPathEvaluation {
    mutating func call(
        _ function: XPathFunction, _ arguments: [XPathExpression], _ context: XPathContext
    ) throws(XPath.Fault) -> XPathValue {
        var values: [XPathValue] = []
        for argument in arguments { values.append(try value(of: argument, at: context)) }
        switch function {
        case .last: return .number(Double(context.size))
        case .position: return .number(Double(context.position))
        case .count: return .number(Double(try nodes(values[0]).count))
        case .sum:
            var sum = 0.0
            for node in try nodes(values[0]) { sum += try number(.nodes([node])) }
            return .number(sum)
        case .yes, .no: return .bool(function == .yes)
        case .boolean: return .bool(values[0].isTrue)
        case .not: return .bool(!values[0].isTrue)
        case .name, .localName:
            let node = try values.first.map { value throws(XPath.Fault) in try nodes(value).first } ?? context.node
            return .text(function == .name ? name(node) : String(name(node).split(separator: ":").last ?? ""))
        default: break
        }
        if values.isEmpty { values = [.nodes([context.node])] }
        switch function {
        case .number: return .number(try number(values[0]))
        case .floor, .ceiling, .round: return .number(rounded(try number(values[0]), function))
        default:
            var texts: [String] = []
            for value in values { texts.append(try text(value)) }
            return try text(function, texts, values)
        }
    }

    /// XPath 1.0, 4.2: what is made of texts.
    private mutating func text(
        _ function: XPathFunction, _ texts: [String], _ values: [XPathValue]
    ) throws(XPath.Fault) -> XPathValue {
        let first = texts[0]
        let second = texts.count > 1 ? texts[1] : ""
        switch function {
        case .stringLength: return .number(Double(first.unicodeScalars.count))
        case .concat: return .text(texts.joined())
        case .contains: return .bool(first.utf8.containsSequence(Array(second.utf8)))
        case .startsWith: return .bool(first.utf8.starts(with: second.utf8))
        case .endsWith: return .bool(first.utf8.reversed().starts(with: second.utf8.reversed()))
        case .substringBefore: return .text(first.firstRange(of: second).map { String(first[..<$0.lowerBound]) } ?? "")
        case .substringAfter: return .text(first.firstRange(of: second).map { String(first[$0.upperBound...]) } ?? "")
        case .substring: return .text(try substring(first, values))
        case .normalizeSpace:
            return .text(first.split { " \t\r\n".contains($0) }.joined(separator: " "))
        case .translate: return .text(translated(first, second, texts[2]))
        case .lowerCase: return .text(first.lowercased())
        case .upperCase: return .text(first.uppercased())
        default: return .text(first)
        }
    }

    /// Positions count from 1 and are rounded; what lies outside is left out.
    private mutating func substring(_ text: String, _ values: [XPathValue]) throws(XPath.Fault) -> String {
        let start = rounded(try number(values[1]), .round)
        let end = values.count > 2 ? start + rounded(try number(values[2]), .round) : .infinity
        var kept = String.UnicodeScalarView()
        for (offset, scalar) in text.unicodeScalars.enumerated() {
            let position = Double(offset + 1)
            if position >= start, position < end { kept.append(scalar) }
        }
        return String(kept)
    }

    private func translated(_ text: String, _ from: String, _ to: String) -> String {
        let replacements = Array(to.unicodeScalars)
        var map: [Unicode.Scalar: Unicode.Scalar?] = [:]
        for (offset, scalar) in from.unicodeScalars.enumerated() where map[scalar] == nil {
            map[scalar] = .some(offset < replacements.count ? replacements[offset] : nil)
        }
        var kept = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { if let new = map[scalar] ?? scalar { kept.append(new) } }
        return String(kept)
    }

    private func rounded(_ number: Double, _ function: XPathFunction) -> Double {
        switch function {
        case .floor: number.rounded(.down)
        case .ceiling: number.rounded(.up)
        default: (number + 0.5).rounded(.down)
        }
    }

    private func name(_ node: Int?) -> String { node.map { tree.nodes[$0].name } ?? "" }

    private func nodes(_ value: XPathValue) throws(XPath.Fault) -> [Int] {
        if case .nodes(let nodes) = value { return nodes }
        throw XPath.Fault(reason: "a function needs nodes there")
    }

    /// XPath 1.0, 4.2, string().
    mutating func text(_ value: XPathValue) throws(XPath.Fault) -> String {
        switch value {
        case .nodes(let nodes): return nodes.isEmpty ? "" : try text(of: nodes[0])
        case .number(let number): return Int64(exactly: number).map { String($0) } ?? XPathResult.go(number)
        case .text(let text): return text
        case .bool(let bool): return String(bool)
        }
    }

    /// XPath 1.0, 4.4, number().
    mutating func number(_ value: XPathValue) throws(XPath.Fault) -> Double {
        switch value {
        case .number(let number): return number
        case .bool(let bool): return bool ? 1 : 0
        case .text, .nodes:
            let digits = try text(value).trimmingXMLSpace
            let isPlain =
                !digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2d || $0 == 0x2e }
            return isPlain ? Double(digits.hasSuffix(".") ? "\(digits)0" : digits) ?? .nan : .nan
        }
    }
}

extension String {
    fileprivate var trimmingXMLSpace: String {
        let isSpace: (Character) -> Bool = { " \t\r\n".contains($0) }
        guard let end = lastIndex(where: { !isSpace($0) }) else { return "" }
        return String(self[...end].drop(while: isSpace))
    }
}
