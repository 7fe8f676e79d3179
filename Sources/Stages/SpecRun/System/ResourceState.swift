import BakeModel

/// Something of an image that can be asked for its properties.
protocol ResourceState {
    /// What a property is.
    /// - Throws: why it cannot be told; the check is then an error, never a pass.
    func value(of property: Property) throws -> FoundValue
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
