/// How many people must have signed before an environment takes a generation, and who.
public struct ApprovalRule: Hashable, Sendable {
    /// How many, at least 1.
    public let need: Int
    /// Whose signatures count: names of the policy's signers, at least `need` of them.
    public let by: [String]
    /// Whose signatures do not count, whoever they are.
    public let never: [Part]

    /// A part that somebody may have had in a promotion.
    public enum Part: String, Hashable, Sendable, CaseIterable {
        /// Wrote one of the commits between.
        case author
        /// Made one of the commits between.
        case committer
        /// Asks for the promotion.
        case promoter
    }

    /// Describes a rule.
    public init(need: Int, by: [String], never: [Part] = []) {
        self.need = need
        self.by = by
        self.never = never
    }

    /// The record's value.
    public var json: JSON {
        .record([
            "need": .number(Int64(need)), "by": .array(by.map(JSON.string)),
            "never": never.isEmpty ? nil : .array(never.map { .string($0.rawValue) }),
        ])
    }

    /// Reads what `json` wrote. An unknown member is refused, and so is a rule that demands nothing.
    public init?(_ json: JSON) {
        guard let members = json.members, Set(members.keys).isSubset(of: ["need", "by", "never"]),
            let need = json["need"]?.number.flatMap({ Int(exactly: $0) }), let by = json["by"]?.strings,
            let never = json.optional("never", { $0.all { $0.string.flatMap(Part.init) } }), need >= 1,
            Set(by).count >= need
        else { return nil }
        self.init(need: need, by: by, never: never ?? [])
    }
}
