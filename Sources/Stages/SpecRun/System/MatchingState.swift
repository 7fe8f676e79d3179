/// A value that the spec itself gives.
struct MatchingState: ResourceState {
    let content: DataValue
    /// Whether it is to be searched line by line, as what a file holds is.
    let asReader: Bool

    func value(of property: Property) throws -> FoundValue {
        guard property == .matches else { throw StateError.unasked(property, of: "the content") }
        let found = FoundValue(content)
        return asReader ? .text(found.asText) : found
    }
}
