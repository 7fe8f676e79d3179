import BakeModel
import BakePipeline

/// What a promotion brings, in one line: commits, packages, files, settings, verdict and size.
struct PromotionSummary {
    let store: BakeStore
    let session: CommandSession
    let checkouts: CheckoutsAtHand

    /// The line; nil for a first generation, and where an image is no longer there to be compared.
    func text(_ move: SlotMove) -> String? {
        guard let from = move.from, from != move.to, let old = side(from), let new = side(move.to),
            let difference = try? GenerationDifference(
                from: old, to: new, below: .root, withText: true, checkout: checkouts.find)
        else { return nil }
        let verdicts = [old, new].map { $0.record?.verdict?.text ?? "no spec" }
        let verdict = verdicts[0] == verdicts[1] ? "" : ", spec \(verdicts[0]) -> \(verdicts[1])"
        return DifferenceReport(difference: difference, hasLines: true).counts + verdict
    }

    private func side(_ id: GenerationID) -> ComparisonSide? {
        guard let found = try? session.resolver(store).resolve(id.description) else { return nil }
        return try? ComparisonSide(found, in: store)
    }
}
