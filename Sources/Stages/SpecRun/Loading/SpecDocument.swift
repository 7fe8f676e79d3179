import BakeModel

/// A spec file with its template filled in.
public struct SpecDocument: Hashable, Sendable {
    /// The file's path, as people know it.
    public let name: String
    /// The text, templates filled in.
    public let text: String

    /// Describes a document.
    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}
