import ArgumentParser
import BakeModel
import BakePipeline
import EnvironmentPromotion

/// `bake reject`: an image that must not be promoted anywhere.
struct GenerationReject: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake", commandName: "reject", abstract: "Bar an image from every environment, by digest, with a reason.",
        discussion: """
            bake reject web@42 --reason "leaks"

            A rejection is for good: nothing takes it back, and no --break-glass goes past it. It bars one image, whatever
            number it has. The way on is another image: commit a change, bake it, and promote that. Where a rejected image
            stands it goes on standing until bake rollback.
            """)

    @OptionGroup var global: GlobalOptions
    @Argument(help: ArgumentHelp("The generation, as in web@42.", valueName: "generation"))
    var generation: String
    @OptionGroup var signing: SigningOptions

    func run() throws {
        let session = CommandSession(global)
        guard let reason = session.options.reason.nonEmpty else {
            throw UsageError(
                subject: generation, reason: "a rejection says why",
                hint: "bake reject \(generation) --reason \"…\"")
        }
        let store = try session.openStore()
        let record = try session.resolver(store).generation(generation)
        let entry = try store.promotion.reject(
            record, reason: reason, for: try session.request(signedWith: signing.sign))
        if entry != nil { session.anchor(store) }
        let standing = try store.standing(of: record.image)
        if session.options.json {
            return session.console.document([
                "schema": "bake/rejection/1", "generation": .string(record.id.description),
                "image": .string(record.image.description), "entry": entry.map(JSON.number) ?? .null,
                "standing": .array(standing.map { .string($0.slot.description) }),
            ])
        }
        let written = entry.map { "entry \($0)" } ?? (session.options.isDryRun ? "dry run" : "rejected already")
        session.console.result("\(record.id)  \(record.image.short)  rejected  \(written)")
        for place in standing { session.console.note("still in \(place.slot):  \(place.wayOut)") }
    }
}
