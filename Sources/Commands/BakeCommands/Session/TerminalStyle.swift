/// Colours for people at a terminal; plain text everywhere else. ECMA-48, select graphic rendition.
struct TerminalStyle: Sendable {
    /// Whether there is a terminal that takes them.
    let isOn: Bool

    func dim(_ text: String) -> String { shown(text, as: "2") }
    func red(_ text: String) -> String { shown(text, as: "31;1") }
    func green(_ text: String) -> String { shown(text, as: "32") }

    private func shown(_ text: String, as code: String) -> String {
        isOn && !text.isEmpty ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
    }
}
