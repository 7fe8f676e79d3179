import Attestation
import BakeModel
import EnvironmentPromotion
import Signing

/// Generation → what builders signed of it, among the keys of a policy.
struct BuilderSearch: Sendable {
    let store: BakeStore
    /// The key of whoever asks; nil where they have none.
    var key: SigningKey?

    /// The same as gates ask it.
    var proofs: BuilderProofs {
        BuilderProofs(
            statements: { try StatementReading(store: store).statements(of: $0) },
            provenance: { try provenance(of: $0, among: $1, $2) },
            test: { test, place, builders in
                try tells(test.signed, builders) { TestResult.tells($0, of: test, at: place) }
            },
            rebake: { rebake, place, builders in
                try tells(rebake.signed, builders) { RebakeResult(of: rebake, at: place).isTold(by: $0) }
            },
            isBuilder: { try isBuilder(among: $0) })
    }

    /// Whether whoever asks can sign as one of them.
    func isBuilder(among builders: [PolicyDocument]) throws -> Bool {
        guard let id = key?.verifyingKey.id else { return false }
        return try Self.keys(builders).contains { $0.key.id == id }
    }

    /// Who signed how a generation was made, and what its spec found then.
    private func provenance(
        of record: GenerationRecord, among statements: [StatementFacts], _ builders: [PolicyDocument]
    ) throws -> ProvenanceProof {
        let proof = try proof(
            .provenance, among: statements, builders, otherwise: "another image, commit or pipeline"
        ) { Provenance.tells($0, of: record) }
        guard proof.key != nil, record.verdict != nil else { return proof }
        let verdict = try self.proof(.verdict, among: statements, builders, otherwise: "another verdict") {
            TestResult.tells($0, of: record)
        }
        if verdict.key == nil {
            return ProvenanceProof(key: nil, explanation: "of its verdict: \(verdict.explanation)")
        }
        return proof
    }

    private func proof(
        _ kind: StatementFacts.Kind, among statements: [StatementFacts], _ builders: [PolicyDocument],
        otherwise other: String, _ tells: (InTotoStatement) -> Bool
    ) throws -> ProvenanceProof {
        let keys = try Self.keys(builders)
        let reading = StatementReading(store: store)
        var problem = "nobody signed any"
        for facts in statements where facts.kind == kind {
            guard let envelope = try reading.envelope(facts) else { continue }
            guard let key = envelope.signer(among: keys.map(\.key)) else {
                problem = "signed by none of the policy's builders: \(builders.map(\.name).joined(separator: ", "))"
                continue
            }
            guard tells(try reading.statement(facts)) else {
                problem = "what is signed is about \(other)"
                continue
            }
            let name = keys.first { $0.key == key }?.name ?? key.id
            return ProvenanceProof(key: key.id, explanation: "signed by \(name)")
        }
        return ProvenanceProof(key: nil, explanation: problem)
    }

    /// Whether a builder signed a finding, and that it says what its entry says.
    private func tells(
        _ finding: SignedFinding?, _ builders: [PolicyDocument], _ tells: (InTotoStatement) -> Bool
    ) throws -> Bool {
        let reading = StatementReading(store: store)
        guard let facts = finding?.statement, let envelope = try reading.envelope(facts),
            envelope.signer(among: try Self.keys(builders).map(\.key)) != nil
        else { return false }
        return tells(try reading.statement(facts))
    }

    private static func keys(_ builders: [PolicyDocument]) throws -> [(name: String, key: VerifyingKey)] {
        try builders.map { ($0.name, try VerifyingKey(pem: Array($0.text.utf8), name: $0.name)) }
    }
}
