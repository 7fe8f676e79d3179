extension TemplateFunctions {
    /// Sprig's arithmetic, on whole numbers unless the name ends in f. What is no number is 0.
    static let numbers: [String: Function] = [
        "add": Function(0...Function.many) { a in try folded(a, 0) { $0.addingReportingOverflow($1) } },
        "add1": Function(1) { a in try checked(a.whole(0).addingReportingOverflow(1)) },
        "sub": Function(2) { a in try checked(a.whole(0).subtractingReportingOverflow(a.whole(1))) },
        "mul": Function(1...Function.many) { a in try folded(a, 1) { $0.multipliedReportingOverflow(by: $1) } },
        "div": Function(2) { a in try checked(a.whole(0).dividedReportingOverflow(by: a.whole(1))) },
        "mod": Function(2) { a in try checked(a.whole(0).remainderReportingOverflow(dividingBy: a.whole(1))) },
        "max": Function(1...Function.many) { .integer($0.values.map(\.sprigInteger).max() ?? 0) },
        "biggest": Function(1...Function.many) { .integer($0.values.map(\.sprigInteger).max() ?? 0) },
        "min": Function(1...Function.many) { .integer($0.values.map(\.sprigInteger).min() ?? 0) },
        "addf": Function(0...Function.many) { .decimal($0.values.reduce(0) { $0 + $1.sprigDecimal }) },
        "add1f": Function(1) { .decimal($0.decimal(0) + 1) },
        "maxf": Function(1...Function.many) { .decimal($0.values.map(\.sprigDecimal).max() ?? 0) },
        "minf": Function(1...Function.many) { .decimal($0.values.map(\.sprigDecimal).min() ?? 0) },
        "mulf": Function(1...Function.many) { .decimal($0.values.reduce(1) { $0 * $1.sprigDecimal }) },
        "subf": Function(2) { .decimal($0.decimal(0) - $0.decimal(1)) },
        "divf": Function(2) { .decimal($0.decimal(0) / $0.decimal(1)) },
        "floor": Function(1) { .decimal($0.decimal(0).rounded(.down)) },
        "ceil": Function(1) { .decimal($0.decimal(0).rounded(.up)) },
        "round": Function(2...3) { a in
            var scale = 1.0
            for _ in 0..<min(15, try a.length(1)) { scale *= 10 }
            return .decimal((a.decimal(0) * scale).rounded(.toNearestOrAwayFromZero) / scale)
        },
    ]

    private static func folded(
        _ arguments: TemplateArguments, _ start: Int64, _ step: (Int64, Int64) -> (Int64, overflow: Bool)
    ) throws -> DataValue {
        var result = (start, overflow: false)
        for value in arguments.values where !result.overflow { result = step(result.0, value.sprigInteger) }
        return try checked(result)
    }

    private static func checked(_ result: (Int64, overflow: Bool)) throws -> DataValue {
        guard !result.overflow else { throw TemplateFault("the result is no number of 64 bits") }
        return .integer(result.0)
    }
}
