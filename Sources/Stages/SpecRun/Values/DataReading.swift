import BakeModel
import YAMLDocument

extension DataValue {
    /// The value of a YAML node, typed as Go's YAML reader types it.
    init(_ node: YAMLNode) {
        switch node {
        case .scalar(let scalar): self = Self.scalar(scalar)
        case .sequence(let list): self = .list(list.items.map(DataValue.init))
        case .mapping(let map):
            self = .map(
                Dictionary(map.members.map { ($0.key.text, DataValue($0.value)) }, uniquingKeysWith: { $1 }))
        case .unusable: self = .null
        }
    }

    /// The value as records keep it, which have no fractions: those are text there.
    var note: JSON {
        switch self {
        case .null: .null
        case .bool(let value): .bool(value)
        case .integer(let value): .number(value)
        case .decimal(let value): .string(Self.number(value))
        case .text(let text): .string(text)
        case .list(let items): .array(items.map(\.note))
        case .map(let members): .object(members.mapValues(\.note))
        }
    }

    private static func scalar(_ scalar: YAMLScalar) -> DataValue {
        if scalar.isNull { return .null }
        if let bool = scalar.boolean { return .bool(bool) }
        guard let number = PlainNumber.value(of: scalar) else { return .text(scalar.text) }
        let isWhole = !scalar.text.contains(".") && number.magnitude < 9e15
        return isWhole ? .integer(Int64(number)) : .decimal(number)
    }

    /// Puts the members of another map over these, map by map; everything else is replaced.
    func merged(with other: DataValue) -> DataValue {
        guard case .map(let own) = self, case .map(let others) = other else { return other }
        return .map(own.merging(others) { $0.merged(with: $1) })
    }
}
