import BakeModel

/// No later test of this very image failed without one of the same spec that passed since.
enum TestsGate {
    /// Whether an environment looks at tests that anybody ran.
    static func isAsked(by rules: EnvironmentPolicy) -> Bool { rules.after != nil || rules.approve != nil }

    static func ask(_ situation: PromotionSituation) -> SlotMove.Gate? {
        guard isAsked(by: situation.rules) else { return nil }
        // The operator's own checks are a gate by themselves.
        let failures = situation.failures.filter { $0.act.spec != situation.rules.spec?.digest }
        guard let failure = failures.last else { return nil }
        let verdict = failure.act.verdict
        let later = situation.unproved.tests.last { $0.act.spec == failure.act.spec && $0.entry > failure.entry }
        let word = later.map { "; they passed, \($0.unsigned)" } ?? ""
        return SlotMove.Gate(
            name: "no failed test", isMet: false,
            explanation: "\(failure.act.name) failed \(failure.time): \(verdict.text), entry \(failure.entry); "
                + "a corrected file is another spec (--break-glass goes past it), "
                + "these very checks, \(failure.act.spec.short), must pass\(word)",
            command: "bake test \(situation.generation.id) \(failure.act.name)" + (later == nil ? "" : " --key KEY"),
            entries: [failure.entry])
    }
}
