import BakeModel

/// `require: [rebaked]`: somebody baked it again and got the same.
enum RebakedGate {
    static func ask(_ situation: PromotionSituation) -> SlotMove.Gate? {
        guard situation.rules.require.contains(.rebaked) else { return nil }
        let command = "bake rebake \(situation.generation.id)"
        guard let rebake = situation.rebakes.last else {
            if let rebake = situation.unproved.rebakes.last {
                return SlotMove.Gate(
                    name: "rebaked", isMet: false, explanation: "\(rebake.act.verdict.rawValue), \(rebake.unsigned)",
                    command: "\(command) --key KEY")
            }
            return SlotMove.Gate(name: "rebaked", isMet: false, explanation: "never", command: command)
        }
        let isMet = rebake.act.verdict != .differs
        return SlotMove.Gate(
            name: "rebaked", isMet: isMet, explanation: "\(rebake.act.verdict.rawValue), \(rebake.time)",
            command: isMet ? nil : command, entries: [rebake.entry])
    }
}
