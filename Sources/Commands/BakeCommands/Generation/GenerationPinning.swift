import ArgumentParser
import BakeModel
import BakePipeline

/// `bake pin`: never collect this.
struct GenerationPinCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake", commandName: "pin",
        abstract: "Keep a generation's image from being collected, for ever or until a time.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: ArgumentHelp("A generation, as in web@42 or web:production.", valueName: "generation"))
    var generation: String

    @Option(help: ArgumentHelp("When the pin ends: 2027-01-31, 2027-01-31T12:00+09:00, 30d.", valueName: "time"))
    var until: String?

    func run() throws {
        let session = CommandSession(global)
        let end = try until.map { text in
            guard let end = ZonedTime(toCome: text, clock: session.localClock) else {
                throw UsageError(
                    subject: "--until \(text)", reason: "it is no time to come", hint: ZonedTime.explanationOfEnd)
            }
            return end.timestamp
        }
        try GenerationPinning(session: session).set(true, generation, until: end)
    }
}

/// `bake unpin`: what else keeps it decides again.
struct GenerationUnpin: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake", commandName: "unpin", abstract: "Take a generation's pin away.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: ArgumentHelp("A generation, as in web@42.", valueName: "generation"))
    var generation: String

    func run() throws { try GenerationPinning(session: CommandSession(global)).set(false, generation, until: nil) }
}

/// Pins and unpins.
struct GenerationPinning {
    let session: CommandSession

    func set(_ isPinned: Bool, _ text: String, until: Timestamp?) throws {
        let store = try session.openStore()
        let record = try session.resolver(store).generation(text)
        let before = try store.generations.pins().first { $0.generation == record.id }
        let pin = GenerationPin(
            generation: record.id, isPinned: isPinned, until: until, reason: session.options.reason)
        let isSame = isPinned ? before == pin : before == nil
        let entry =
            isSame || session.options.isDryRun
            ? nil : try store.generations.record(pin, by: try session.actor(), clock: session.now())
        if session.options.json {
            return session.console.document([
                "schema": "bake/pin/1", "generation": .string(record.id.description), "pinned": .bool(isPinned),
                "until": until.map { .string($0.description) } ?? .null, "entry": entry.map(JSON.number) ?? .null,
            ])
        }
        let words = entry.map { "entry \($0)" } ?? (session.options.isDryRun ? "dry run" : "already so")
        let end = until.map { "  until \(session.local($0))" } ?? ""
        session.console.result("\(record.id)  \(isPinned ? "pinned" : "not pinned")\(end)  \(words)")
    }
}
