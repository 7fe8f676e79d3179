import ArgumentParser
import BakeModel
import BakePipeline

/// `bake freeze`: no promotion until somebody thaws.
struct SlotFreezeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "freeze", abstract: "Close a slot to promotions.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: ArgumentHelp("The slot, as in web:production.", valueName: "slot"))
    var slot: String

    func run() throws { try SlotFreezing(session: CommandSession(global)).set(true, slot) }
}

/// `bake thaw`: promotions again.
struct SlotThaw: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "thaw", abstract: "Open a frozen slot to promotions again.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: ArgumentHelp("The slot, as in web:production.", valueName: "slot"))
    var slot: String

    func run() throws { try SlotFreezing(session: CommandSession(global)).set(false, slot) }
}

/// Closes and opens slots.
struct SlotFreezing {
    let session: CommandSession

    func set(_ isFrozen: Bool, _ text: String) throws {
        let (slot, entry) = try session.withUrgentStore { store in
            let slot = try session.resolver(store).slot(text)
            return (slot, try store.promotion.setFrozen(isFrozen, slot, for: session.request()))
        }
        if session.options.json {
            return session.console.document([
                "schema": "bake/freeze/1", "slot": .string(slot.description), "frozen": .bool(isFrozen),
                "entry": entry.map(JSON.number) ?? .null,
            ])
        }
        let words = entry.map { "entry \($0)" } ?? (session.options.isDryRun ? "dry run" : "already so")
        session.console.result("\(slot)  \(isFrozen ? "frozen" : "open")  \(words)")
    }
}
