extension TemplateFunctions {
    /// Sprig's conversions, defaults and questions about kinds.
    static let conversions: [String: Function] = [
        "int": Function(1) { .integer($0.whole(0)) },
        "int64": Function(1) { .integer($0.whole(0)) },
        "float64": Function(1) { .decimal($0.decimal(0)) },
        "atoi": Function(1) { .integer(Int64(try $0.text(0)) ?? 0) },
        "toDecimal": Function(1) { .integer(Int64($0.anyText(0), radix: 8) ?? 0) },
        "default": Function(1...2) { a in a.count == 2 && a[1].isTrue ? a[1] : a[0] },
        "empty": Function(1) { .bool(!$0[0].isTrue) },
        "coalesce": Function(0...Function.many) { $0.values.first { $0.isTrue } ?? .null },
        "all": Function(0...Function.many) { .bool($0.values.allSatisfy(\.isTrue)) },
        "any": Function(0...Function.many) { .bool($0.values.contains { $0.isTrue }) },
        "ternary": Function(3) { a in
            guard case .bool(let choice) = a[2] else { throw a.unfit(2, "a truth value") }
            return choice ? a[0] : a[1]
        },
        "fail": Function(1) { throw TemplateFault(try $0.text(0)) },
        "required": Function(2) { a in
            if a[1] == .null || a[1] == .text("") { throw TemplateFault(try a.text(0)) }
            return a[1]
        },
        "kindOf": Function(1) { .text(kind(of: $0[0])) },
        "typeOf": Function(1) { .text(kind(of: $0[0])) },
        "kindIs": Function(2) { .bool(kind(of: $0[1]) == (try $0.text(0))) },
        "typeIs": Function(2) { .bool(kind(of: $0[1]) == (try $0.text(0))) },
        "typeIsLike": Function(2) { .bool(kind(of: $0[1]) == (try $0.text(0))) },
        "deepEqual": Function(2) { .bool($0[0] == $0[1]) },
        "toJson": Function(1) { .text($0[0].json()) },
        "toRawJson": Function(1) { .text($0[0].json()) },
        "toPrettyJson": Function(1) { .text($0[0].json(indent: "  ")) },
        "fromJson": Function(1) { a in
            let text = try a.text(0)
            do throws(JSONText.Fault) { return try JSONText.value(of: Array(text.utf8)) } catch {
                throw TemplateFault("this is no JSON: \(error.reason)")
            }
        },
    ]

    /// A kind as Go's reflect.Kind calls it.
    private static func kind(of value: DataValue) -> String {
        switch value {
        case .null: "invalid"
        case .bool: "bool"
        case .integer: "int"
        case .decimal: "float64"
        case .text: "string"
        case .list: "slice"
        case .map: "map"
        }
    }
}
