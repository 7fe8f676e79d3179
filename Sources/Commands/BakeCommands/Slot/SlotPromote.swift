import ArgumentParser
import BakeModel
import BakePipeline
import EnvironmentPromotion

/// `bake promote`: generations → environment.
struct SlotPromote: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake", commandName: "promote",
        abstract: "Put a generation into an environment: the same bytes, past its gates.",
        discussion: """
            bake promote web@42 production              one generation
            bake promote web@42 worker@17 production    several as one: all or none, and back together
            bake promote web@42 production --wait 2h    until its gates are met
            A refusal shows every unmet gate, when it will be met, and the command that meets it; exit 3.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var evidenceKey: EvidenceKeyOptions

    @Argument(
        help: ArgumentHelp(
            "The generations, as in web@42 or 42, and the environment.", valueName: "generation … environment"))
    var words: [String]

    @Flag(help: "Open a frozen slot by the same act.")
    var thaw = false

    @Option(help: ArgumentHelp("Wait so long for the gates to be met, as in 2h.", valueName: "time"))
    var wait: String?

    @Option(
        help: ArgumentHelp(
            "Promote although gates are unmet: recorded, and open until a second person signs. Not past a rejection, and nothing older than what is there: that is 'bake rollback'.",
            valueName: "reason"))
    var breakGlass: String?

    @OptionGroup var signing: SigningOptions

    func validate() throws {
        guard words.count >= 2 else { throw ValidationError("name a generation and an environment") }
        if breakGlass?.contains(where: { !$0.isWhitespace }) == false {
            throw ValidationError("--break-glass takes a reason")
        }
    }

    func run() throws {
        let session = CommandSession(global)
        let store = try session.openStore()
        let order = try order(session, store)
        let checkouts = CheckoutsAtHand(session: session, store: store)
        let summary = PromotionSummary(store: store, session: session, checkouts: checkouts)
        let report = MoveReport(session: session, summary: summary)
        do {
            let outcome = try session.attesting(evidenceKey, in: store) {
                try waiting(session, store, letGo: checkouts.close) {
                    try promote(order, checkouts, repeatsFailures: $0, session, store)
                }
            }
            session.refreshIndex(of: store)
            report.tell(outcome)
            if outcome.entry != nil { session.anchor(store, evidenceKey) }
            try report.alarm(outcome, in: store)
        } catch let error as PromotionError {
            guard report.refuse(error) else { throw error }
            throw SilentExit(code: .refused)
        }
    }

    private func order(_ session: CommandSession, _ store: BakeStore) throws -> PromotionOrder {
        guard let last = words.last, let environment = EnvironmentName(last) else {
            throw UsageError(
                subject: words.last ?? "", reason: "it is no environment's name", hint: NameGrammar.explanation)
        }
        let resolver = try session.resolver(store)
        var order = PromotionOrder(try words.dropLast().map(resolver.generation), to: environment)
        order.isThawing = thaw
        order.brokenGlass = breakGlass
        return order
    }

    private func promote(
        _ order: PromotionOrder, _ checkouts: CheckoutsAtHand, repeatsFailures: Bool, _ session: CommandSession,
        _ store: BakeStore
    ) throws -> EnvironmentPromotion.Outcome {
        try PromotionRun(store: store, fetchOptions: session.fetchOptions, key: evidenceKey.key(session)).promote(
            order, checkout: checkouts.find, repeatsFailures: repeatsFailures,
            for: try session.request(signedWith: signing.sign))
    }

    /// Tries again until the time is over: when a gate is due, and whenever something happened. Checks that fail are run
    /// once: each run is an entry, and so something that happened.
    private func waiting(
        _ session: CommandSession, _ store: BakeStore, letGo: () -> Void,
        _ act: (_ repeatsFailures: Bool) throws -> EnvironmentPromotion.Outcome
    ) throws -> EnvironmentPromotion.Outcome {
        guard let wait else { return try act(true) }
        guard let span = TimeSpan(wait) else {
            throw UsageError(subject: "--wait \(wait)", reason: "it is no length of time", hint: TimeSpan.explanation)
        }
        let end = CommandSession.ticks() + span.milliseconds
        var isFirst = true
        var told: String?
        while true {
            let latest = try store.ledger.latest()
            do { return try act(isFirst) } catch let error as PromotionError where error.canChange {
                let left = end - CommandSession.ticks()
                let due = error.opens.map { max(0, $0.milliseconds - session.now().milliseconds) + 1 } ?? .max
                guard left > 0 else { throw error }
                isFirst = false
                let until = error.opens.map { " until \(session.local($0))" } ?? ""
                let line = "waiting\(until): \(TerminalText.escaped(error.reason))"
                if line != told { session.console.note(line) }
                told = line
                letGo()
                try pause(min(left, due), after: latest, store)
            }
        }
    }

    private func pause(_ milliseconds: Int64, after latest: Int64, _ store: BakeStore) throws {
        _ = try store.ledger.waitForEntries(after: latest, timeout: Double(milliseconds) / 1000)
    }
}

extension PromotionError {
    /// Whether time or other people can change it.
    fileprivate var canChange: Bool {
        switch self {
        case .refused(let move): move.canBeMetLater
        case .several(let errors, _): errors.allSatisfy(\.canChange)
        default: false
        }
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
