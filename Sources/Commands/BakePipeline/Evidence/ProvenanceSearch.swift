import Attestation
import BakeModel
import EnvironmentPromotion
import Signing

/// Generation → who signed how it was made, among the keys of a policy's builders.
struct ProvenanceSearch {
    let store: BakeStore

    func proof(_ record: GenerationRecord, _ builders: [PolicyDocument]) throws -> ProvenanceProof {
        let keys = try builders.map { (name: $0.name, key: try VerifyingKey(pem: Array($0.text.utf8), name: $0.name)) }
        let reading = StatementReading(store: store)
        var problem = "nobody signed any"
        for facts in try reading.statements(of: record) where facts.kind == .provenance {
            guard let envelope = try reading.envelope(facts) else { continue }
            guard let key = envelope.signer(among: keys.map(\.key)) else {
                problem = "signed by none of the policy's builders: \(builders.map(\.name).joined(separator: ", "))"
                continue
            }
            guard Provenance.tells(try reading.statement(facts), of: record) else {
                problem = "what is signed is about another image or commit"
                continue
            }
            let name = keys.first { $0.key == key }?.name ?? key.id
            return ProvenanceProof(key: key.id, explanation: "signed by \(name)")
        }
        return ProvenanceProof(key: nil, explanation: problem)
    }
}
