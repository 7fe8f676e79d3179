import ArgumentParser
import BakeModel
import BakePipeline
import EnvironmentPromotion
import SourceCheckout

/// `bake approve`: a person's signature that a generation may enter an environment.
struct GenerationApprove: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake", commandName: "approve",
        abstract: "Sign with your SSH key that a generation may enter an environment.",
        discussion: """
            bake approve web@42 production --key ~/.ssh/id_ed25519
            It counts once, for the next promotion of this very image, and not for whom the policy bars (never: [author]).
            Where the generation is there past its gates (--break-glass), the first signature says that a second person
            looked, and is no approval; whom the policy bars, or who promoted it, is no second person.
            To sign elsewhere, without this store:
              bake approve web@42 production --print > statement.json
              ssh-keygen -Y sign -n approve.bake -f KEY statement.json      (review.bake for a second look)
              bake approve web@42 production --statement statement.json --signature statement.json.sig
            """)

    @OptionGroup var global: GlobalOptions
    @Argument(help: ArgumentHelp("The generation, as in web@42.", valueName: "generation"))
    var generation: String
    @Argument(help: ArgumentHelp("The environment.", valueName: "environment"))
    var environment: String
    @Option(
        help: ArgumentHelp(
            "The key: a private one, or a public one of ssh-agent's; else $BAKE_SSH_KEY.", valueName: "key"))
    var key: String?
    @Flag(help: "Print the statement, to be signed elsewhere, and record nothing.")
    var print = false
    @Option(help: ArgumentHelp("A statement that was signed elsewhere.", valueName: "file"))
    var statement: String?
    @Option(help: ArgumentHelp("Its signature.", valueName: "file"))
    var signature: String?

    func validate() throws {
        guard (statement == nil) == (signature == nil) else {
            throw ValidationError("--statement and --signature go together")
        }
    }

    func run() throws {
        let session = CommandSession(global)
        let store = try session.openStore(readOnly: print)
        guard let environment = EnvironmentName(environment) else {
            throw UsageError(subject: environment, reason: "it is no environment's name", hint: NameGrammar.explanation)
        }
        let record = try session.resolver(store).generation(generation)
        let slot = Slot(pipeline: record.id.pipeline, environment: environment)
        let request = try session.request(signedWith: key ?? session.environment["BAKE_SSH_KEY"].nonEmpty)
        if print {
            let statement = try store.promotion.statement(of: record, in: slot, for: request)
            return session.console.verbatim(statement.json.canonical)
        }
        let run = PromotionRun(store: store, fetchOptions: session.fetchOptions)
        let checkouts = CheckoutsAtHand(session: session, store: store)
        let outcome = try run.approve(
            record, in: slot, consent: try consent(session), checkout: checkouts.find, for: request)
        let standing = try run.approvals(
            of: record, in: slot, by: outcome.signed.signer, checkout: checkouts.find, for: request)
        ApprovalReport(session: session, record: record, outcome: outcome, standing: standing).tell()
        if outcome.entry != nil { session.anchor(store) }
    }

    private func consent(_ session: CommandSession) throws -> EnvironmentPromotion.Consent {
        guard let statement, let signature else { return .now }
        return .elsewhere(
            statement: try session.readInput(statement),
            signature: String(decoding: try session.readInput(signature), as: UTF8.self))
    }
}
