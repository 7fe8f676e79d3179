import ArgumentParser
import BakeModel
import BakePipeline
import EnvironmentPromotion

/// How much a freeze or a thaw is of.
struct FreezeScope: ParsableArguments {
    @Argument(help: ArgumentHelp("The slot, as in web:production.", valueName: "slot"))
    var slot: String?

    @Option(help: "Every slot of an environment.")
    var environment: String?

    @Flag(help: "Every slot of the store.")
    var all = false

    func validate() throws {
        guard [slot != nil, environment != nil, all].count(where: \.self) == 1 else {
            throw ValidationError("name one slot, or --environment ENV, or --all")
        }
    }

    /// What is meant.
    func scope(_ session: CommandSession, _ store: BakeStore) throws -> SlotFreeze.Scope {
        if all { return .all }
        if let slot { return .slot(try session.resolver(store).slot(slot)) }
        guard let name = EnvironmentName(environment ?? "") else {
            throw UsageError(
                subject: environment ?? "", reason: "it is no environment's name", hint: NameGrammar.explanation)
        }
        return .environment(name)
    }
}

/// `bake freeze`: no promotion until somebody thaws.
struct SlotFreezeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake", commandName: "freeze", abstract: "Close a slot, an environment or the store to promotions.",
        discussion: "bake freeze web:production --until 2026-12-27T09:00 --reason \"year's end\"")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var scope: FreezeScope
    @Option(help: ArgumentHelp("Open by itself at a time, or after one, as in 2h.", valueName: "time"))
    var until: String?

    func run() throws {
        let session = CommandSession(global)
        try SlotFreezing(session: session).set(true, scope, until: try until.map { try end($0, session) })
    }

    private func end(_ text: String, _ session: CommandSession) throws -> Timestamp {
        guard let end = ZonedTime(toCome: text, clock: session.localClock) else {
            throw UsageError(
                subject: "--until \(text)", reason: "it is no time to come", hint: ZonedTime.explanationOfEnd)
        }
        return end.timestamp
    }
}

/// `bake thaw`: promotions again.
struct SlotThaw: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake", commandName: "thaw", abstract: "Open a frozen slot, environment or store to promotions again.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var scope: FreezeScope

    func run() throws { try SlotFreezing(session: CommandSession(global)).set(false, scope, until: nil) }
}

/// Closes and opens slots.
struct SlotFreezing {
    let session: CommandSession

    func set(_ isFrozen: Bool, _ words: FreezeScope, until: Timestamp?) throws {
        let (scope, entry, rest) = try session.withUrgentStore { store in
            let scope = try words.scope(session, store)
            let entry = try store.promotion.setFrozen(isFrozen, scope, until: until, for: session.request())
            if entry != nil { session.anchor(store) }
            let rest = isFrozen ? [] : try store.promotion.freezes(beside: scope, at: session.now())
            return (scope, entry, rest)
        }
        if session.options.json { return session.console.document(json(scope, isFrozen, until, entry, rest)) }
        let end = until.map { "  until \(session.local($0))" } ?? ""
        let written = entry.map { "entry \($0)" } ?? (session.options.isDryRun ? "dry run" : "already so")
        let state = isFrozen ? "frozen" : rest.contains { $0.scope.covers(scope) } ? "still closed" : "open"
        session.console.result("\(scope)  \(state)\(end)  \(written)")
        for freeze in rest { session.console.note(TerminalText.escaped(Self.line(freeze))) }
    }

    /// What still closes something, and the command that opens it.
    private static func line(_ freeze: SlotState.Freeze) -> String {
        // The text of any other scope begins with its name.
        let text = if case .slot(let slot) = freeze.scope { "\(slot) \(freeze.text)" } else { freeze.text }
        return "\(text):  \(freeze.scope.thaw)"
    }

    private func json(
        _ scope: SlotFreeze.Scope, _ isFrozen: Bool, _ until: Timestamp?, _ entry: Int64?, _ rest: [SlotState.Freeze]
    ) -> JSON {
        var slot: JSON = .null
        if case .slot(let name) = scope { slot = .string(name.description) }
        return .record([
            "schema": "bake/freeze/1", "slot": slot, "scope": .string(scope.description), "frozen": .bool(isFrozen),
            "until": until.map { .string($0.description) }, "entry": entry.map(JSON.number) ?? .null,
            "closed-by": rest.isEmpty ? nil : .array(rest.map(\.json)),
        ])
    }
}
