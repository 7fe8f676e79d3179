/// What was found of an image after its bake, a test or a rebake, as the builder who found it signed it.
public struct SignedFinding: Hashable, Sendable {
    /// The generation whose image it is.
    public let generation: GenerationID
    /// The statement.
    public let statement: StatementFacts

    /// Describes what was signed.
    public init(generation: GenerationID, statement: StatementFacts) {
        self.generation = generation
        self.statement = statement
    }

    /// The record's members.
    public var json: JSON {
        ["generation": .string(generation.description), "statement": statement.json]
    }

    /// Reads what `json` wrote; nil where a member is missing or malformed.
    public init?(_ json: JSON) {
        guard let generation = json["generation"]?.generation,
            let statement = json["statement"].flatMap(StatementFacts.init)
        else { return nil }
        self.init(generation: generation, statement: statement)
    }

    /// What an entry's test or rebake was signed with; nil where it is neither, or nobody signed.
    public static func of(_ entry: Entry) throws -> (finding: SignedFinding, image: Digest)? {
        if let test = try TestRecord(entry) { return test.signed.map { ($0, test.image) } }
        return try RebakeRecord(entry).flatMap { rebake in rebake.signed.map { ($0, rebake.image) } }
    }
}

/// Where in which ledger something was found, so that it cannot be said again elsewhere, or later once more.
public struct FindingPlace: Hashable, Sendable {
    /// What tells the store from all others.
    public let store: String
    /// The entry of the image's finding of that kind before this one; 0 for the first.
    public let previous: Int64

    /// Describes a place.
    public init(store: String, previous: Int64) {
        self.store = store
        self.previous = previous
    }
}
