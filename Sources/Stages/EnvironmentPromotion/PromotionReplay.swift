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
    /// - Parameter proofs: finds what builders signed.
    /// - Throws: `LedgerError.damaged` where an entry is not what was written.
    public func doubtfulPromotions(by proofs: BuilderProofs) throws -> [DoubtfulPromotion] {
        var replay = PromotionReplay(proofs: proofs)
        try ledger.replay(SlotView()) { try replay.take($0, $1) }
        return replay.doubts
    }
}

/// The promotions of a ledger, one after the other, each with the view of slots as it was before.
private struct PromotionReplay {
    private let proofs: BuilderProofs
    private(set) var doubts: [DoubtfulPromotion] = []
    /// The entries that made generations.
    private var births: [GenerationID: Int64] = [:]
    /// What was stated of generations after they were made, but for what promotions state.
    private var later: [GenerationID: [StatementFacts]] = [:]
    /// What is in force; nil before it was asked.
    private var basis: PromotionBasis?

    init(proofs: BuilderProofs) { self.proofs = proofs }

    mutating func take(_ entry: Entry, _ transaction: ViewTransaction) throws {
        if let record = try GenerationRecord(entry) { births[record.id] = entry.sequence }
        if let attested = try Attestation(entry), attested.entry == nil {
            later[attested.generation, default: []] += attested.statements
        }
        for move in try SlotMove.all(of: entry) where move.direction == .promote {
            // A move of a generation that nothing made is found by itself.
            guard let birth = births[move.to], let record = try GenerationRecord(try transaction.entry(birth)) else {
                continue
            }
            let basis = try basis ?? PromotionBasis(in: transaction)
            self.basis = basis
            let question = ReplayedMove(
                move: move, entry: entry, record: record, basis: basis, transaction: transaction, proofs: proofs,
                later: later[move.to] ?? [])
            doubts += try question.explanations().map {
                DoubtfulPromotion(entry: entry.sequence, explanation: $0)
            }
        }
        if let applied = try PolicyApplied(entry) {
            basis?.policy = applied.policy
            basis?.policyEntry = entry.sequence
        }
    }
}

/// One promotion, with the view of slots as it was before it.
private struct ReplayedMove {
    let move: SlotMove
    let entry: Entry
    let record: GenerationRecord
    let basis: PromotionBasis
    let transaction: ViewTransaction
    let proofs: BuilderProofs
    /// What was stated of the generation since it was made.
    let later: [StatementFacts]
    /// What was decided was written so much later at most, in milliseconds: a promotion waits for others who write.
    private static let delay: Int64 = 60_000
    private static let barred = "it is rejected, or a draft where none may come, which no broken glass lets in"

    func explanations() throws -> [String] {
        let snapshot: PromotionSnapshot
        do { snapshot = try self.snapshot(earlier: 0) } catch let error as PromotionError { return [error.reason] }
        let held = snapshot.state.current
        let isBehind = move.facts.map { $0.fromCommit == held?.commit && $0.fromImage == held?.image } ?? true
        let other = isBehind ? [] : ["it says that it came behind another commit or image than \(move.slot) held"]
        let situation = try situation(snapshot, earlier: 0)
        if move.brokenGlass != nil { return other + (situation.isBarred ? [Self.barred] : []) }
        let unmet = Self.unmet(situation)
        guard !unmet.isEmpty else { return other }
        let earlier = try self.situation(try self.snapshot(earlier: Self.delay), earlier: Self.delay)
        let before = Set(Self.unmet(earlier).map(\.name))
        return other + unmet.filter { before.contains($0.name) }.map { "\($0.name) was unmet: \($0.explanation)" }
    }

    private func snapshot(earlier delay: Int64) throws -> PromotionSnapshot {
        let now = Timestamp(milliseconds: entry.time.milliseconds - delay)
        var snapshot = try PromotionSnapshot(record, to: move.slot, by: basis, at: now, in: transaction)
        try snapshot.count(by: proofs)
        return snapshot
    }

    private static func unmet(_ situation: PromotionSituation) -> [SlotMove.Gate] {
        Gates.askLedger(situation).filter { !$0.isMet }
    }

    private func situation(_ snapshot: PromotionSnapshot, earlier delay: Int64) throws -> PromotionSituation {
        let request = EnvironmentPromotion.Request(
            actor: entry.actor, clock: Timestamp(milliseconds: entry.clock.milliseconds - delay), reason: move.reason)
        let isClosed = !snapshot.state.freezes(at: request.clock).isEmpty
        // Who approved, and who wrote, are no gates of the ledger's alone.
        return snapshot.situation(
            for: request, isThawing: try isClosed && isThawing(),
            provenance: try snapshot.provenance(proofs) { $0.statements + later })
    }

    /// Whether the slot was opened by the same act: its thaws stand behind it.
    private func isThawing() throws -> Bool {
        var number = entry.sequence + 1
        while let next = try? transaction.entry(number), let freeze = try SlotFreeze(next), !freeze.isFrozen,
            next.clock == entry.clock
        {
            if freeze.scope == .slot(move.slot) { return true }
            number += 1
        }
        return false
    }
}
