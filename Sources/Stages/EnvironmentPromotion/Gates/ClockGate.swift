import BakeModel

/// Where times decide, the machine's clock must not be behind what the ledger has seen.
enum ClockGate {
    static func ask(_ situation: PromotionSituation) -> SlotMove.Gate? {
        let rules = situation.rules
        guard rules.soak != nil || rules.approve != nil || !rules.windows.isEmpty,
            situation.now.milliseconds - situation.clock.milliseconds > Entry.clockTolerance
        else { return nil }
        return SlotMove.Gate(
            name: "clock", isMet: false,
            explanation: explanation(situation),
            command: "bake env clock --reason TEXT")
    }

    private static func explanation(_ situation: PromotionSituation) -> String {
        "it says \(situation.clock), before the ledger's latest entry of \(situation.now): set it right (timedatectl status), "
            + "or, where that entry's clock was the wrong one, record that"
    }
}
