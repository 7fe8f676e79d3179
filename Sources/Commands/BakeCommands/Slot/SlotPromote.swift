import ArgumentParser
import BakeModel
import BakePipeline
import EnvironmentPromotion
import SourceCheckout

/// `bake promote`: generation → environment.
struct SlotPromote: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote", abstract: "Put a generation into an environment: the same bytes, past its gates.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var evidenceKey: EvidenceKeyOptions

    @Argument(help: ArgumentHelp("The generation, as in web@42 or 42.", valueName: "generation"))
    var generation: String

    @Argument(help: ArgumentHelp("The environment.", valueName: "environment"))
    var environment: String

    @Flag(help: "Open a frozen slot by the same act.")
    var thaw = false

    func run() throws {
        let session = CommandSession(global)
        let store = try session.openStore()
        guard let environment = EnvironmentName(environment) else {
            throw UsageError(subject: environment, reason: "it is no environment's name", hint: NameGrammar.explanation)
        }
        let record = try session.resolver(store).generation(generation)
        do {
            let outcome = try session.attesting(evidenceKey, in: store) {
                try store.promotion.promote(
                    record, to: environment, thaw: thaw, ancestry: ancestry(of: record, session),
                    for: session.request())
            }
            session.refreshIndex(of: store)
            MoveReport(session: session).tell(outcome)
        } catch PromotionError.refused(let id, let slot, let gates) {
            MoveReport(session: session).refuse(id, slot, gates)
            throw SilentExit(code: .refused)
        }
    }

    /// The repository around us tells which commit is older, where it is the one that the generation came from.
    private func ancestry(of record: GenerationRecord, _ session: CommandSession) -> EnvironmentPromotion.Ancestry {
        guard
            let checkout = try? Checkout.local(
                session.directory, revision: record.commit.id.hex, program: session.program),
            RepositoryIdentity(checkout.source) == RepositoryIdentity(record.source)
        else { return { _, _ in nil } }
        return { try? checkout.isAncestor($0, of: $1) }
    }
}

extension CommandSession {
    /// Writes the index anew after an entry. The entry is the truth and the index a view of it: where it cannot be written
    /// that is told, and the next command that writes makes it good.
    func refreshIndex(of store: BakeStore) {
        if options.isDryRun { return }
        do { try store.refreshIndex() } catch {
            let reason = (error as? any ExplainedError)?.reason ?? String(describing: error)
            console.complain("recorded, but index.json could not be rewritten yet: \(TerminalText.escaped(reason))")
        }
    }
}
