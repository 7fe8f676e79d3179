import BakeModel

/// Finds what builders signed, among the keys of a policy. Asked where an environment wants to know (`require: [provenance]`).
public struct BuilderProofs: Sendable {
    /// Everything that is stated of a generation until now.
    public let statements: @Sendable (GenerationRecord) throws -> [StatementFacts]
    /// Finds among statements who signed how a generation was made, and what its spec found then.
    public let provenance: @Sendable (GenerationRecord, [StatementFacts], [PolicyDocument]) throws -> ProvenanceProof
    /// Whether one of them signed what a test found, at its place in the ledger.
    public let test: @Sendable (TestRecord, FindingPlace, [PolicyDocument]) throws -> Bool
    /// Whether one of them signed what a rebake found, at its place in the ledger.
    public let rebake: @Sendable (RebakeRecord, FindingPlace, [PolicyDocument]) throws -> Bool
    /// Whether whoever asks has the key of one of them.
    public let isBuilder: @Sendable ([PolicyDocument]) throws -> Bool

    /// Describes where to look.
    public init(
        statements: @escaping @Sendable (GenerationRecord) throws -> [StatementFacts],
        provenance:
            @escaping @Sendable (GenerationRecord, [StatementFacts], [PolicyDocument]) throws ->
            ProvenanceProof,
        test: @escaping @Sendable (TestRecord, FindingPlace, [PolicyDocument]) throws -> Bool,
        rebake: @escaping @Sendable (RebakeRecord, FindingPlace, [PolicyDocument]) throws -> Bool,
        isBuilder: @escaping @Sendable ([PolicyDocument]) throws -> Bool
    ) {
        self.statements = statements
        self.provenance = provenance
        self.test = test
        self.rebake = rebake
        self.isBuilder = isBuilder
    }

    /// Nobody looks, so that nothing is proved.
    public static let none = BuilderProofs(
        statements: { $0.statements }, provenance: { _, _, _ in .unknown }, test: { _, _, _ in false },
        rebake: { _, _, _ in false },
        isBuilder: { _ in false })
}

extension BuilderProofs {
    /// The findings of one kind, those that count and those that do not.
    typealias Parts<Act: Hashable & Sendable> = (
        counting: [PromotionSituation.Recorded<Act>], others: [PromotionSituation.Recorded<Act>]
    )

    /// Tests that failed count, and those that passed where one of the builders signed them.
    func split(
        _ tests: [PromotionSituation.Recorded<TestRecord>], of store: String, among builders: [PolicyDocument]
    ) throws -> Parts<TestRecord> {
        try Self.split(tests) { item, previous in
            if item.act.verdict.failed > 0 { return true }
            // One that a dry run made is in no entry: it would be signed.
            guard item.entry > 0 else { return try isBuilder(builders) }
            return try test(item.act, FindingPlace(store: store, previous: previous), builders)
        }
    }

    /// Rebakes that differ count, and those that do not where one of the builders signed them.
    func split(
        _ rebakes: [PromotionSituation.Recorded<RebakeRecord>], of store: String, among builders: [PolicyDocument]
    ) throws -> Parts<RebakeRecord> {
        try Self.split(rebakes) { item, previous in
            try item.act.verdict == .differs
                || rebake(item.act, FindingPlace(store: store, previous: previous), builders)
        }
    }

    /// Each is asked about with the entry of the one before it.
    private static func split<Act>(
        _ all: [PromotionSituation.Recorded<Act>], _ counts: (PromotionSituation.Recorded<Act>, Int64) throws -> Bool
    ) rethrows -> Parts<Act> {
        var parts: Parts<Act> = ([], [])
        var previous: Int64 = 0
        for item in all {
            if try counts(item, previous) { parts.counting.append(item) } else { parts.others.append(item) }
            previous = item.entry
        }
        return parts
    }
}

extension PromotionSituation.Recorded {
    /// Why it does not count.
    var unsigned: String { entry > 0 ? "which no builder signed, entry \(entry)" : "and no builder would sign it" }
}
