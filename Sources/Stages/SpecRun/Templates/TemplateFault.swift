/// Why a template cannot be read or filled in.
struct TemplateFault: Error, Hashable {
    /// What is wrong, as a clause.
    let message: String
    /// Where, as an offset in the template's Unicode scalars; nil where only the caller knows.
    var offset: Int?
    /// What to write instead, where that is known.
    var suggestion: String?

    init(_ message: String, at offset: Int? = nil, suggestion: String? = nil) {
        self.message = message
        self.offset = offset
        self.suggestion = suggestion
    }

    /// The fault with a place, unless it has one that is nearer.
    func at(_ offset: Int) -> TemplateFault {
        TemplateFault(message, at: self.offset ?? offset, suggestion: suggestion)
    }
}
