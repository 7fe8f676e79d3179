import ArgumentParser
import BakeModel
import BakePipeline

/// `bake gc`: in this version, the cache.
struct StoreCollect: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc", abstract: "Remove what can be made again: unpacked layers and leftovers of killed bakes.")

    @OptionGroup var global: GlobalOptions

    @Flag(help: "Remove the cache. Collecting images is not in this version.")
    var cache = false

    func run() throws {
        let session = CommandSession(global)
        guard cache else {
            throw UsageError(subject: "gc", reason: "collecting images is not in this version", hint: "bake gc --cache")
        }
        try session.withUrgentStore { if !session.options.isDryRun { try $0.workshop.removeCache() } }
        if session.options.isDryRun { return session.console.note("dry run: nothing removed") }
        session.console.note("removed the unpacked layers that nobody uses")
    }
}
