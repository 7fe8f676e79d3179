import ArgumentParser
import BakeModel
import BakePipeline
import EnvironmentPromotion

/// `bake rollback`: back to what a slot held before.
struct SlotRollback: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake", commandName: "rollback",
        abstract: "Take a slot back to what it held before, at once, and freeze it.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var evidenceKey: EvidenceKeyOptions

    @Argument(help: ArgumentHelp("The slot, as in web:production or production.", valueName: "slot"))
    var slot: String

    @Argument(help: ArgumentHelp("How far back; the one before where absent.", valueName: "generation"))
    var generation: String?

    func run() throws {
        let start = CommandSession.ticks()
        let session = CommandSession(global)
        try session.withUrgentStore { store in
            let outcome = try rollBack(store, session)
            tell(outcome, session, milliseconds: CommandSession.ticks() - start)
            warn(outcome, store, session)
            session.anchor(store, evidenceKey)
            try MoveReport(session: session).alarm(outcome, in: store)
        }
    }

    private func tell(_ outcome: EnvironmentPromotion.Outcome, _ session: CommandSession, milliseconds: Int64) {
        MoveReport(session: session).tell(outcome, frozen: true, milliseconds: milliseconds)
        for from in outcome.moves.compactMap(\.from) { session.console.note("was \(from): bake show \(from)") }
        for other in outcome.staying {
            let held = other.generation.map { " at \($0)" } ?? ""
            session.console.complain("\(other.slot) came with it, and stays\(held): \(other.reason)")
        }
    }

    /// What the slot names now must be there to be fetched; a rollback is made nevertheless, since what it leaves is worse.
    private func warn(_ outcome: EnvironmentPromotion.Outcome, _ store: BakeStore, _ session: CommandSession) {
        for move in outcome.moves {
            guard let fault = IncompleteImage(of: move.to, move.image, in: store) else { continue }
            session.console.complain("\(move.slot) NAMES AN IMAGE THAT IS NOT WHOLE")
            CommandFailure.lines(fault).forEach(session.console.complain)
        }
    }

    private func rollBack(_ store: BakeStore, _ session: CommandSession) throws -> EnvironmentPromotion.Outcome {
        let resolver = try session.resolver(store)
        let outcome = try session.attesting(evidenceKey, isUrgent: true, in: store) {
            let place = try resolver.slot(slot)
            do {
                return try store.promotion.rollback(
                    place, to: try generation.map { try resolver.generation($0).id },
                    collected: { try store.collection(of: $1, in: $0) }, for: session.request())
            } catch PromotionError.emptySlot(let empty) {
                // Perhaps the pipeline's name is misspelt.
                try resolver.confirm(empty, slot)
                throw PromotionError.emptySlot(empty)
            }
        }
        session.refreshIndex(of: store)
        return outcome
    }
}
