import BakeModel
import LedgerDatabase

/// A promotion that the entries before it do not bear out.
public struct DoubtfulPromotion: Hashable, Sendable {
    /// Its entry.
    public let entry: Int64
    /// What is wrong, as a clause.
    public let explanation: String
}

extension EnvironmentPromotion {
    /// Asks the gates of every promotion again, of the entries before it alone: whoever changed the tables from which gates
    /// were answered then, and put them right afterwards, is found.
    /// - Throws: `LedgerError.damaged` where an entry is not what was written.
    public func doubtfulPromotions() throws -> [DoubtfulPromotion] {
        var replay = PromotionReplay()
        try ledger.replay(SlotView()) { try replay.take($0, $1) }
        return replay.doubts
    }
}

/// The promotions of a ledger, one after the other, each with the view of slots as it was before.
private struct PromotionReplay {
    private(set) var doubts: [DoubtfulPromotion] = []
    /// The entries that made generations.
    private var births: [GenerationID: Int64] = [:]
    /// What was decided was written so much later at most, in milliseconds: a promotion waits for others who write.
    private static let delay: Int64 = 60_000

    mutating func take(_ entry: Entry, _ transaction: ViewTransaction) throws {
        if let record = try GenerationRecord(entry) { births[record.id] = entry.sequence }
        for move in try SlotMove.all(of: entry) where move.direction == .promote {
            // A move of a generation that nothing made is found by itself.
            guard let birth = births[move.to], let record = try GenerationRecord(try transaction.entry(birth)) else {
                continue
            }
            doubts += try explanations(move, entry, record, transaction).map {
                DoubtfulPromotion(entry: entry.sequence, explanation: $0)
            }
        }
    }

    private func explanations(
        _ move: SlotMove, _ entry: Entry, _ record: GenerationRecord, _ transaction: ViewTransaction
    ) throws -> [String] {
        let snapshots: [PromotionSnapshot]
        do {
            snapshots = try [0, Self.delay].map { delay in
                let now = Timestamp(milliseconds: entry.time.milliseconds - delay)
                return try PromotionSnapshot(record, to: move.slot, at: now, in: transaction)
            }
        } catch let error as PromotionError { return [error.reason] }
        let held = snapshots[0].state.current
        let isBehind = move.facts.map { $0.fromCommit == held?.commit && $0.fromImage == held?.image } ?? true
        let other = isBehind ? [] : ["it says that it came behind another commit or image than \(move.slot) held"]
        if move.brokenGlass != nil { return other }
        let isThawing = try Self.isThawing(move.slot, behind: entry, transaction)
        let unmet = snapshots.map { snapshot in
            let delay = entry.time.milliseconds - snapshot.now.milliseconds
            let request = EnvironmentPromotion.Request(
                actor: entry.actor, clock: Timestamp(milliseconds: entry.clock.milliseconds - delay),
                reason: move.reason)
            let situation = snapshot.situation(
                for: request, isThawing: isThawing, approvals: [], provenance: .unknown, contributors: nil)
            return Gates.askLedger(situation).filter { !$0.isMet }
        }
        let names = Set(unmet[1].map(\.name))
        return other
            + unmet[0].filter { names.contains($0.name) }.map { "\($0.name) was unmet: \($0.explanation)" }
    }

    /// Whether the slot was opened by the same act: its thaws stand behind it.
    private static func isThawing(_ slot: Slot, behind entry: Entry, _ transaction: ViewTransaction) throws -> Bool {
        var number = entry.sequence + 1
        while let next = try? transaction.entry(number), let freeze = try SlotFreeze(next), !freeze.isFrozen,
            next.clock == entry.clock
        {
            if freeze.scope == .slot(slot) { return true }
            number += 1
        }
        return false
    }
}
