import ArgumentParser
import BakeModel
import BakePipeline
import EnvironmentPromotion
import ImageAssembly

/// `bake show`: everything about a generation.
struct GenerationShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake", commandName: "show", abstract: "Show a generation: image, commit, spec, layers, where it is.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: ArgumentHelp("A reference, as in web@42, web, production~1.", valueName: "reference"))
    var reference: String

    func run() throws {
        let session = CommandSession(global)
        let store = try session.openStore(readOnly: true)
        let found = try session.resolver(store).resolve(reference)
        let alarms = try ImageAlarms(of: found, in: store)
        if let record = found.generation, let entry = try store.generations.collection(of: record.id) {
            return tellCollected(record, entry, alarms, try baked(record, store, session), session)
        }
        let image = try store.image(found)
        let slots = try store.promotion.slots(depth: 1).filter { $0.current?.image == found.image }.map(\.slot)
        if session.options.json { return session.console.document(json(found, image, slots, alarms)) }
        if session.options.quiet { return session.console.result(found.image.description) }
        let time = try found.generation.flatMap { try baked($0, store, session) }
        (lines(found, image, slots, time) + alarms.lines).map(TerminalText.escaped).forEach(session.console.result)
    }

    /// When it was baked, and which entry says so.
    private func baked(_ record: GenerationRecord, _ store: BakeStore, _ session: CommandSession) throws -> String? {
        try store.generations.find(record.id).map { "\(session.local($0.entry.time))  entry \($0.entry.sequence)" }
    }

    private func tellCollected(
        _ record: GenerationRecord, _ entry: Int64, _ alarms: ImageAlarms, _ time: String?, _ session: CommandSession
    ) {
        if session.options.json {
            let document: [String: JSON] = [
                "schema": "bake/show/1", "generation": record.body, "image": .string(record.image.description),
                "collected": .number(entry),
            ]
            return session.console.document(.object(document.merging(alarms.members) { $1 }))
        }
        if session.options.quiet { return session.console.result(record.image.description) }
        let lines = [
            "  image     \(record.image)",
            "  collected by entry \(entry): bake rebake \(record.id) makes the same bytes again",
        ]
        (Self.recorded(record, time) + lines + alarms.lines).map(TerminalText.escaped).forEach(session.console.result)
    }

    private static func recorded(_ record: GenerationRecord, _ time: String?) -> [String] {
        let builder = record.builder.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        return [
            "\(record.id)", "  baked     \(time ?? "unknown")",
            "  commit    \(record.commit.id.short) \(record.commit.author) \"\(record.commit.summary)\"",
            "  source    \(record.source)", "  spec      \(record.verdict?.text ?? "none")",
            "  evidence  \(record.evidence)", "  built by  \(builder.joined(separator: ", "))",
        ]
    }

    private func lines(
        _ found: ResolvedReference, _ image: Image, _ slots: [Slot], _ time: String?
    ) -> [String] {
        var lines = found.generation.map { Self.recorded($0, time) } ?? []
        lines.append("  image     \(image.manifest)  \(image.architecture)  \(Wording.size(image.size))")
        lines += image.layers.map { "  layer     \($0.blob.short)  \(Wording.size($0.size))" }
        let process = image.configuration.processArguments
        if !process.isEmpty { lines.append("  starts    \(process.joined(separator: " "))") }
        if !slots.isEmpty { lines.append("  now in    \(slots.map(\.description).joined(separator: ", "))") }
        return lines
    }

    private func json(_ found: ResolvedReference, _ image: Image, _ slots: [Slot], _ alarms: ImageAlarms) -> JSON {
        let document: [String: JSON] = [
            "schema": "bake/show/1", "generation": found.generation?.body ?? .null,
            "image": .string(image.manifest.description), "architecture": .string(image.architecture),
            "config": image.configuration.ociJSON,
            "layers": .array(
                image.layers.map {
                    [
                        "digest": .string($0.blob.description), "diff_id": .string($0.diffID.description),
                        "size": .number(Int64(clamping: $0.size)),
                    ]
                }),
            "slots": .array(slots.map { .string($0.description) }),
        ]
        return .object(document.merging(alarms.members) { $1 })
    }
}
