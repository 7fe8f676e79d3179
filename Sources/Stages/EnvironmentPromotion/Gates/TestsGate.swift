import BakeModel

/// No later test of this very image failed without one of the same spec that passed since.
enum TestsGate {
    static func ask(_ situation: PromotionSituation) -> SlotMove.Gate? {
        guard situation.rules.after != nil || situation.rules.approve != nil else { return nil }
        // The operator's own checks are a gate by themselves.
        let failures = situation.failures.filter { $0.act.spec != situation.rules.spec?.digest }
        guard let failure = failures.last else { return nil }
        let verdict = failure.act.verdict
        return SlotMove.Gate(
            name: "no failed test", isMet: false,
            explanation: "\(failure.act.name) failed \(failure.time): \(verdict.text), entry \(failure.entry)",
            command: "bake test \(situation.generation.id) \(failure.act.name)", entries: [failure.entry])
    }
}
