import BakeModel

/// What to write instead.
enum TemplateHints {
    /// For a key that a map does not have.
    static func missing(_ name: String, _ keys: some Sequence<String>) -> String {
        let known = keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        if let near = Spelling.suggestion(for: name, in: known) { return near }
        guard !known.isEmpty else { return "nothing is there: give variables with vars" }
        return "there are \(known.prefix(20).joined(separator: ", "))"
    }
}
