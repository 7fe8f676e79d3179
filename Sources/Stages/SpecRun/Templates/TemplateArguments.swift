/// What a function was given.
struct TemplateArguments {
    /// The function's name, for messages.
    let name: String
    /// The values.
    let values: [DataValue]

    init(_ name: String, _ values: [DataValue]) {
        self.name = name
        self.values = values
    }

    var count: Int { values.count }
    subscript(index: Int) -> DataValue { values[index] }
    var last: DataValue { values.last ?? .null }

    /// Text; nothing else will do.
    func text(_ index: Int) throws(TemplateFault) -> String {
        if case .text(let text) = values[index] { return text }
        throw unfit(index, "text")
    }

    /// Any value as text, as Sprig's `toString`.
    func anyText(_ index: Int) -> String { values[index].sprigText }

    /// A list; nothing counts as an empty one.
    func list(_ index: Int) throws(TemplateFault) -> [DataValue] {
        switch values[index] {
        case .list(let items): return items
        case .null: return []
        default: throw unfit(index, "a list")
        }
    }

    /// A map.
    func map(_ index: Int) throws(TemplateFault) -> [String: DataValue] {
        if case .map(let members) = values[index] { return members }
        throw unfit(index, "a map")
    }

    /// A whole number; nothing else will do.
    func integer(_ index: Int) throws(TemplateFault) -> Int {
        if case .integer(let number) = values[index] { return Int(number) }
        throw unfit(index, "a whole number")
    }

    /// A count that is not negative and not large.
    func length(_ index: Int) throws(TemplateFault) -> Int {
        let number = try integer(index)
        guard (0...1_000_000).contains(number) else {
            throw TemplateFault("\"\(name)\" takes a number from 0 to 1000000, not \(number)")
        }
        return number
    }

    /// Anything as a whole number; what is none is 0, as in Sprig.
    func whole(_ index: Int) -> Int64 { values[index].sprigInteger }

    /// Anything as a number; what is none is 0.
    func decimal(_ index: Int) -> Double { values[index].sprigDecimal }

    /// The fault of an argument of the wrong kind.
    func unfit(_ index: Int, _ wanted: String) -> TemplateFault {
        TemplateFault("argument \(index + 1) of \"\(name)\" is \(wanted), not \(values[index].kind)")
    }
}

extension DataValue {
    /// As text: text as it is, everything else as it is printed; nothing is `<nil>` in Go and no text here.
    var sprigText: String { if case .text(let text) = self { text } else { GoText.text(of: self) } }

    /// As a whole number. Sprig's `toInt64`.
    var sprigInteger: Int64 {
        switch self {
        case .integer(let value): value
        case .decimal(let value): Int64(exactly: value.rounded(.towardZero)) ?? 0
        case .bool(let value): value ? 1 : 0
        case .text(let text): TemplateLiteral.number(text).map(\.sprigInteger) ?? 0
        case .null, .list, .map: 0
        }
    }

    /// As a number. Sprig's `toFloat64`.
    var sprigDecimal: Double {
        switch self {
        case .integer(let value): Double(value)
        case .decimal(let value): value
        case .bool(let value): value ? 1 : 0
        case .text(let text): Double(text) ?? 0
        case .null, .list, .map: 0
        }
    }
}
