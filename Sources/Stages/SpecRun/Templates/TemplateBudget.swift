/// What filling in a template may cost: a template comes with the commit, and must not stop a bake.
struct TemplateBudget {
    private var left: Int
    /// How much work there is: a value looked at, or 16 bytes of text.
    static let standard = 2_000_000

    init(_ work: Int = Self.standard) { left = work }

    /// Takes work away.
    mutating func charge(_ work: Int = 1) throws(TemplateFault) {
        left -= work
        guard left >= 0 else {
            throw TemplateFault("the template takes too much work", suggestion: "does a range go over its own result?")
        }
    }

    /// Takes the work away that a value is.
    mutating func charge(_ value: DataValue) throws(TemplateFault) { try charge(value.size(limit: left)) }
}
