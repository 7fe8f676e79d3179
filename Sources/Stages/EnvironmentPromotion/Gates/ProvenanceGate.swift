import BakeModel

/// `require: [provenance]`: one of the policy's builders signed how this very image was made.
enum ProvenanceGate {
    static func ask(_ situation: PromotionSituation) -> SlotMove.Gate? {
        guard situation.rules.require.contains(.provenance) else { return nil }
        let proof = situation.provenance
        return SlotMove.Gate(
            name: "provenance", isMet: proof.key != nil, explanation: proof.explanation,
            command: proof.key == nil ? "bake attest \(situation.generation.id) --key KEY" : nil)
    }
}

/// Who signed how an image was made.
public struct ProvenanceProof: Hashable, Sendable {
    /// The id of the builder's key; nil where nobody proved it.
    public let key: String?
    /// What was found, or what is missing.
    public let explanation: String

    /// Describes what was found.
    public init(key: String?, explanation: String) {
        self.key = key
        self.explanation = explanation
    }

    /// Nobody looked.
    static let unknown = ProvenanceProof(key: nil, explanation: "nobody signed any")
}
