extension TemplateFunctions {
    /// Sprig's functions of lists: making, taking and joining.
    static let lists: [String: Function] = [
        "list": Function(0...Function.many) { .list($0.values) },
        "tuple": Function(0...Function.many) { .list($0.values) },
        // goss's name of the same.
        "mkSlice": Function(0...Function.many) { .list($0.values) },
        "first": Function(1) { try $0.list(0).first ?? .null },
        "last": Function(1) { try $0.list(0).last ?? .null },
        "rest": Function(1) { .list(Array(try $0.list(0).dropFirst())) },
        "initial": Function(1) { .list(Array(try $0.list(0).dropLast())) },
        "append": Function(2) { .list(try $0.list(0) + [$0[1]]) },
        "push": Function(2) { .list(try $0.list(0) + [$0[1]]) },
        "prepend": Function(2) { .list([$0[1]] + (try $0.list(0))) },
        "concat": Function(0...Function.many) { a in
            .list(try a.values.indices.flatMap { try a.list($0) })
        },
        "slice": Function(1...3) { a in
            let items = try a.list(0)
            let start = a.count > 1 ? try a.integer(1) : 0
            let end = a.count > 2 ? try a.integer(2) : items.count
            guard 0 <= start, start <= end, end <= items.count else {
                throw TemplateFault("the list has \(items.count) items, and no part from \(start) to \(end)")
            }
            return .list(Array(items[start..<end]))
        },
        "until": Function(1) { .list(try steps(from: 0, to: Int($0.whole(0)), by: $0.whole(0) < 0 ? -1 : 1)) },
        "untilStep": Function(3) { a in
            .list(try steps(from: Int(a.whole(0)), to: Int(a.whole(1)), by: Int(a.whole(2))))
        },
        "seq": Function(1...3) { a in
            let numbers = a.values.map { Int($0.sprigInteger) }
            let start = numbers.count == 1 ? 1 : numbers[0]
            let end = numbers.last ?? 1
            let step = numbers.count == 3 ? numbers[1] : end < start ? -1 : 1
            let items = try steps(from: start, to: end, by: step, isClosed: true)
            return .text(items.map(\.sprigText).joined(separator: " "))
        },
    ]

    /// At most 100,000 numbers; a step that leads nowhere makes none.
    private static func steps(
        from start: Int, to end: Int, by step: Int, isClosed: Bool = false
    ) throws(TemplateFault) -> [DataValue] {
        if let large = [start, end, step].first(where: { $0.magnitude >= 1 << 40 }) {
            throw TemplateFault("\(large) is too large a number to count with")
        }
        if step == 0 { return [] }
        let limit = isClosed ? end + step.signum() : end
        return stride(from: start, to: limit, by: step).prefix(100_000).map { .integer(Int64($0)) }
    }
}
