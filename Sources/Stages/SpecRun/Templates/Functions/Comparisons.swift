extension TemplateFunctions {
    /// Go's own functions: comparisons, logic, `index`, `len`, `slice`, printing.
    static let comparisons: [String: Function] = [
        "eq": Function(2...Function.many) { a in
            for other in a.values.dropFirst() where try isEqual(a[0], other) { return .bool(true) }
            return .bool(false)
        },
        "ne": Function(2) { .bool(try !isEqual($0[0], $0[1])) },
        "lt": Function(2) { .bool(try isLess($0[0], $0[1])) },
        "le": Function(2) { a in .bool(try isLess(a[0], a[1]) || isEqual(a[0], a[1])) },
        "gt": Function(2) { .bool(try isLess($0[1], $0[0])) },
        "ge": Function(2) { a in .bool(try isLess(a[1], a[0]) || isEqual(a[0], a[1])) },
        "and": Function(1...Function.many) { $0.last },
        "or": Function(1...Function.many) { $0.last },
        "not": Function(1) { .bool(!$0[0].isTrue) },
        "len": Function(1) { a in
            switch a[0] {
            case .text(let text): .integer(Int64(text.utf8.count))
            case .list(let items): .integer(Int64(items.count))
            case .map(let members): .integer(Int64(members.count))
            default: throw a.unfit(0, "text, a list or a map")
            }
        },
        "index": Function(1...Function.many) { a in
            try a.values.dropFirst().reduce(a[0]) { try item($0, $1) }
        },
        "print": Function(0...Function.many) { .text(printed($0.values)) },
        "println": Function(0...Function.many) { a in
            .text(a.values.map { GoText.text(of: $0, nothing: "<nil>") }.joined(separator: " ") + "\n")
        },
        "printf": Function(1...Function.many) {
            .text(try GoText.format(try $0.text(0), Array($0.values.dropFirst())))
        },
        "html": Function(1) { .text(GoText.markup($0.anyText(0))) },
        "urlquery": Function(1) { .text(percentEncoded($0.anyText(0))) },
    ]

    /// Values of different kinds cannot be compared, as in Go.
    static func isEqual(_ left: DataValue, _ right: DataValue) throws -> Bool {
        switch (left, right) {
        case (.null, _), (_, .null): return left == right
        case (.text(let left), .text(let right)): return left.utf8.elementsEqual(right.utf8)
        case (.bool, .bool), (.integer, .integer), (.decimal, .decimal): return left == right
        default: throw TemplateFault("\(left.kind) cannot be compared with \(right.kind)")
        }
    }

    private static func isLess(_ left: DataValue, _ right: DataValue) throws -> Bool {
        switch (left, right) {
        case (.text(let left), .text(let right)): return left.utf8.lexicographicallyPrecedes(right.utf8)
        case (.integer(let left), .integer(let right)): return left < right
        case (.decimal(let left), .decimal(let right)): return left < right
        default: throw TemplateFault("\(left.kind) and \(right.kind) have no order")
        }
    }

    /// A key that a map does not have is nothing; an index beyond a list is a fault.
    private static func item(_ value: DataValue, _ key: DataValue) throws -> DataValue {
        switch (value, key) {
        case (.map(let members), .text(let key)): return members[key] ?? .null
        case (.list(let items), .integer(let index)):
            guard let item = items[safely: Int(index)] else {
                throw TemplateFault("the list has \(items.count) items, and no index \(index)")
            }
            return item
        default: throw TemplateFault("\(value.kind) has no item \(GoText.text(of: key))")
        }
    }

    /// Spaces stand between values of which neither is text. fmt.Print.
    private static func printed(_ values: [DataValue]) -> String {
        var text = ""
        var previousIsText = true
        for value in values {
            let isText = if case .text = value { true } else { false }
            if !previousIsText, !isText { text += " " }
            text += GoText.text(of: value, nothing: "<nil>")
            previousIsText = isText
        }
        return text
    }

    static func percentEncoded(_ text: String) -> String {
        text.utf8.map { byte in
            let scalar = Unicode.Scalar(byte)
            if scalar == " " { return "+" }
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
            return isPlain || "-_.~".unicodeScalars.contains(scalar)
                ? String(scalar) : "%" + GoText.hexadecimal([byte]).uppercased()
        }.joined()
    }
}
