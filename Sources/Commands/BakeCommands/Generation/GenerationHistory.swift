import ArgumentParser
import BakeModel
import BakePipeline
import EnvironmentPromotion
import GenerationLog

/// `bake log`: what was baked.
struct GenerationHistory: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake", commandName: "log", abstract: "List the generations of a pipeline, or with --builds every bake.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: ArgumentHelp("The pipeline; the only one.", valueName: "pipeline"))
    var name: String?

    @Flag(help: "Every bake, also those that failed or made nothing new.")
    var builds = false

    @Option(name: .shortAndLong, help: "At most so many.")
    var limit = 30

    func run() throws {
        let session = CommandSession(global)
        let store = try session.openStore(readOnly: true)
        let pipeline = try pipeline(session, store)
        if builds {
            try tellBuilds(of: pipeline, session, store)
        } else {
            try tellGenerations(of: pipeline, session, store)
        }
    }

    private func pipeline(_ session: CommandSession, _ store: BakeStore) throws -> PipelineName {
        guard let name else { return try session.resolver(store).onlyPipeline(for: "the log") }
        return try session.resolver(store).generation(name).id.pipeline
    }

    private func tellGenerations(of pipeline: PipelineName, _ session: CommandSession, _ store: BakeStore) throws {
        let found = try store.generations.generations(of: pipeline, limit: limit)
        if session.options.json {
            return session.console.document([
                "schema": "bake/log/1", "generations": .array(found.map { $0.record.body }),
            ])
        }
        var table = TextTable()
        for item in found {
            let record = item.record
            table.add([
                record.id.description, record.image.short, session.local(item.entry.time), record.commit.id.short,
                record.commit.author, record.commit.summary, record.verdict?.text ?? "no spec",
                try alarms(of: record.image, store),
            ])
        }
        table.lines.map(TerminalText.escaped).forEach(session.console.result)
        for glass in try store.promotion.openGlass() where glass.move.slot.pipeline == pipeline {
            session.console.complain(
                TerminalText.escaped("GLASS BROKEN  \(glass.move.to) in \(glass.move.slot), open:  \(glass.command)"))
        }
    }

    /// What was said of an image after its bake.
    private func alarms(of image: Digest, _ store: BakeStore) throws -> String {
        let rejected = try store.promotion.rejection(of: image).map { "REJECTED: \($0.reason)" }
        let failed = try store.failedTests(of: image).map { "TEST FAILED: \($0.text)" }
        return ([rejected].compactMap(\.self) + failed).joined(separator: "; ")
    }

    private func tellBuilds(of pipeline: PipelineName, _ session: CommandSession, _ store: BakeStore) throws {
        let builds = try store.generations.builds(of: pipeline, limit: limit)
        if session.options.json {
            return session.console.document([
                "schema": "bake/builds/1",
                "builds": .array(builds.map { ["entry": .number($0.entry.sequence), "build": $0.record.body] }),
            ])
        }
        var table = TextTable()
        for (record, entry) in builds {
            let failed = record.stages.first { $0.state == "failed" }?.name
            table.add([
                "build \(entry.sequence)", record.outcome.rawValue,
                record.generation?.description ?? failed.map { "at \($0)" } ?? "", session.local(entry.time),
                record.commit.id.short, record.commit.summary, entry.actor.text,
            ])
        }
        table.lines.forEach(session.console.result)
    }
}
