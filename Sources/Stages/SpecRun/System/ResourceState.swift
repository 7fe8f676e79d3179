import BakeModel

/// Something of an image that can be asked for its properties.
protocol ResourceState {
    /// What a property is.
    /// - Throws: why it cannot be told; the check is then an error, never a pass.
    func value(of property: Property) throws -> FoundValue
    /// What tells why a property is not as expected, where the value alone does not.
    func background(of property: Property) -> String?
    /// What stands beside a value that is not as expected.
    func remark(on property: Property) -> String?
}

extension ResourceState {
    func background(of property: Property) -> String? { nil }
    func remark(on property: Property) -> String? { nil }
}

/// Why a property cannot be told.
struct StateError: ExplainedError, Hashable {
    let subject: String
    let reason: String
    var doing: String { "examine" }

    /// A property that the type does not have.
    static func unasked(_ property: Property, of subject: String) -> StateError {
        StateError(subject: subject, reason: "it has no property \(property.rawValue)")
    }
}
