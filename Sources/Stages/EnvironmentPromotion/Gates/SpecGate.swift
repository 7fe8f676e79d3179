import BakeModel

/// `spec: baseline.yaml`: the operator's own checks pass on this very image.
enum SpecGate {
    static func ask(_ situation: PromotionSituation) -> SlotMove.Gate? {
        guard let spec = situation.rules.spec else { return nil }
        let name = "spec \(spec.name)"
        guard let test = situation.tests.last(where: { $0.act.spec == spec.digest }) else {
            return missing(name, spec, situation)
        }
        let isMet = test.act.verdict.failed == 0
        return SlotMove.Gate(
            name: name, isMet: isMet, explanation: test.act.verdict.text,
            command: isMet ? nil : "bake test \(situation.generation.id) \(spec.name)",
            // A dry run asks without an entry.
            entries: test.entry > 0 ? [test.entry] : [])
    }

    private static func missing(
        _ name: String, _ spec: PolicyDocument, _ situation: PromotionSituation
    ) -> SlotMove.Gate {
        guard let test = situation.unproved.tests.last(where: { $0.act.spec == spec.digest }) else {
            return SlotMove.Gate(name: name, isMet: false, explanation: "not run on this image yet")
        }
        return SlotMove.Gate(
            name: name, isMet: false, explanation: "\(test.act.verdict.text), \(test.unsigned)",
            command: "bake promote \(situation.generation.id) \(situation.slot.environment) --key KEY")
    }
}
