import BakeModel

/// `soak: 2h`: this very image has been known so long, in the environment before or at all. It goes by digest, so that
/// newer builds do not starve it; a test that fails, and a rollback there, start it anew.
enum SoakGate {
    static func ask(_ situation: PromotionSituation) -> SlotMove.Gate? {
        guard let soak = situation.rules.soak else { return nil }
        let name = "soak \(soak)"
        guard let start = start(of: situation) else {
            let place = situation.rules.after.map { "begins in \($0)" } ?? "begins with the bake"
            return SlotMove.Gate(name: name, isMet: false, explanation: place)
        }
        let failed = situation.tests.last { $0.act.verdict.failed > 0 }
        let since = max(start.time, failed?.time ?? start.time)
        let end = Timestamp(milliseconds: since.milliseconds + soak.milliseconds)
        let why = since > start.time ? "anew since a failed test" : "since"
        let isMet = situation.now >= end
        return SlotMove.Gate(
            name: name, isMet: isMet, explanation: "\(why) \(since)", opens: isMet ? nil : end, entries: [start.entry])
    }

    private static func start(of situation: PromotionSituation) -> (time: Timestamp, entry: Int64)? {
        if situation.rules.after == nil { return situation.birth }
        // Whether it may be there is the gate before's question.
        return switch situation.stay {
        case .since(let time, let entry), .unsettled(_, let time, let entry): (time, entry)
        case .never, .rolledBack: nil
        }
    }
}
