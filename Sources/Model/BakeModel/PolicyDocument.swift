/// A file that a policy brings along: the operator's own checks. Its text is kept with the policy.
public struct PolicyDocument: Hashable, Sendable {
    /// What the operator calls it.
    public let name: String
    /// The whole text.
    public let text: String

    /// Describes a file.
    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }

    /// The digest of its bytes, as verdicts name a spec.
    public var digest: Digest { Digest.of(Array(text.utf8)) }

    /// The record's value.
    public var json: JSON { ["name": .string(name), "text": .string(text)] }

    /// Reads what `json` wrote.
    public init?(_ json: JSON) {
        guard let members = json.members, Set(members.keys) == ["name", "text"], let name = json["name"]?.string,
            let text = json["text"]?.string
        else { return nil }
        self.init(name: name, text: text)
    }
}
