import RootFilesystem

/// Takes the values of variables that a command got out of what it is shown to have said: a verdict is kept for ever.
struct LentMask {
    /// What stands for what, the longest first: one may be part of another.
    private let names: [(value: [UInt8], shown: [UInt8])]

    /// - Parameter variables: by name.
    init(_ variables: [String: String]) {
        // Shorter ones are no secrets, and stand everywhere.
        names = variables.filter { $0.value.utf8.count >= SandboxSecret.leastBytes }
            .sorted { ($1.value.utf8.count, $0.key) < ($0.value.utf8.count, $1.key) }
            .map { (Array($0.value.utf8), Array("[\($0.key)]".utf8)) }
    }

    /// The text with the names of variables in place of their values.
    func masked(_ text: [UInt8]) -> [UInt8] {
        names.reduce(text) { text, name in
            text.containsSequence(name.value) ? text.replacing(name.value, with: name.shown) : text
        }
    }

    /// The text with the names of variables in place of their values.
    func masked(_ text: String) -> String { String(decoding: masked(Array(text.utf8)), as: UTF8.self) }
}
