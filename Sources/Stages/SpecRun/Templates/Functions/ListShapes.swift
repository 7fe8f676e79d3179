extension TemplateFunctions {
    /// Sprig's functions that give lists another shape, and look for something in them.
    static let listShapes: [String: Function] = [
        "reverse": Function(1) { .list(try $0.list(0).reversed()) },
        "uniq": Function(1) { a in
            var seen: Set<DataValue> = []
            return .list(try a.list(0).filter { seen.insert($0).inserted })
        },
        "compact": Function(1) { .list(try $0.list(0).filter(\.isTrue)) },
        "without": Function(1...Function.many) { a in
            let unwanted = Set(a.values.dropFirst())
            return .list(try a.list(0).filter { !unwanted.contains($0) })
        },
        "has": Function(2) { .bool(try $0.list(1).contains($0[0])) },
        "chunk": Function(2) { a in
            let (size, items) = (max(1, try a.length(0)), try a.list(1))
            return .list(
                stride(from: 0, to: items.count, by: size).map {
                    .list(Array(items[$0..<min($0 + size, items.count)]))
                })
        },
        "sortAlpha": Function(1) { a in
            .list(texts(in: a[0]).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map(DataValue.text))
        },
    ]
}
