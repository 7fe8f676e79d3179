import ArgumentParser
import Attestation
import BakeModel
import BakePipeline

/// `bake evidence`: what is stated of a generation.
struct EvidenceShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake", commandName: "evidence",
        abstract: "Show what is stated of a generation: provenance, verdict, bill of materials.",
        discussion: """
            bake evidence web@42                      every statement, and which key signed it
            bake evidence web@42 sbom > web.spdx.json the SPDX document
            bake evidence web@42 provenance --signed  the statement in its envelope, as it is stored
            bake evidence web@42 rebake               what the latest signed rebake found
            bake evidence web@42 checkpoint           the latest signed checkpoint
            """)

    @OptionGroup var global: GlobalOptions
    @Argument(help: ArgumentHelp("The generation, as in web@42.", valueName: "generation"))
    var generation: String
    @Argument(help: ArgumentHelp("provenance, verdict, rebake, sbom, vsa or checkpoint.", valueName: "kind"))
    var kind: String?

    @Flag(help: "Print the document as it is stored, with its signature.")
    var signed = false

    func run() throws {
        let session = CommandSession(global)
        let store = try session.openStore(readOnly: true)
        let record = try session.resolver(store).generation(generation)
        let statements = try StatementReading(store: store).statements(of: record)
        let findings = try store.promotion.signedFindings(of: record)
        guard let kind else { return EvidenceReport(session: session).tell(record, statements, findings) }
        guard let known = StatementFacts.Kind(rawValue: kind) else {
            throw UsageError(
                subject: kind, reason: "there is no such kind of evidence",
                hint: Spelling.suggestion(for: kind, in: StatementFacts.Kind.allCases.map(\.rawValue)))
        }
        // What the bake found is its verdict; what later tests found of the image stands behind that in the list.
        guard let facts = (findings.map(\.finding.statement) + statements).last(where: { $0.kind == known }) else {
            throw MissingStatement(generation: record.id, kind: known)
        }
        session.console.bytes(try StatementReading(store: store).document(facts, isWhole: signed))
        if known != .checkpoint { session.console.result("") }
    }
}

/// The statements of a generation, a line each.
struct EvidenceReport {
    let session: CommandSession

    /// - Parameter findings: what was signed of later tests and rebakes, each with its entry.
    func tell(
        _ record: GenerationRecord, _ statements: [StatementFacts],
        _ findings: [(finding: SignedFinding, entry: Int64)]
    ) {
        let all = statements.map { ($0, nil) } + findings.map { ($0.finding.statement, $0.entry as Int64?) }
        if session.options.json {
            return session.console.document([
                "schema": "bake/evidence/1", "generation": .string(record.id.description),
                "image": .string(record.image.description), "documents": .string(record.evidence.description),
                "statements": .array(all.map(Self.json)),
            ])
        }
        if all.isEmpty { session.console.note("\(record.id) was made by a bake that stated nothing") }
        var table = TextTable()
        for (facts, entry) in all {
            let key = facts.key.map { "signed by \($0.prefix(12))" } ?? "unsigned"
            table.add([facts.kind.rawValue, key, facts.document.description] + (entry.map { ["entry \($0)"] } ?? []))
        }
        table.lines.forEach(session.console.result)
    }

    private static func json(_ facts: StatementFacts, _ entry: Int64?) -> JSON {
        var members = facts.json.members ?? [:]
        members["entry"] = entry.map(JSON.number)
        return .object(members)
    }
}

/// Nothing of that kind is stated of a generation.
struct MissingStatement: ExplainedError, Hashable {
    let generation: GenerationID
    let kind: StatementFacts.Kind

    var doing: String { "show the \(kind.rawValue) of" }
    var subject: String { generation.description }
    var reason: String { "there is none" }
    var hint: String? {
        switch kind {
        case .vsa, .checkpoint: "promotions make it where there is a key: bake promote … --key FILE"
        case .rebake: "bake rebake \(generation) --key FILE"
        case .verdict: "the pipeline has no spec, or an older bake made the generation"
        default: "an older bake made the generation"
        }
    }
    var exit: ExitCode { .notFound }
}
