import ArgumentParser
import BakeModel
import BakePipeline
import ImageComparison

/// `bake rebake`: a generation again, and compare.
struct GenerationRebake: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake", commandName: "rebake",
        abstract: "Bake a generation again from its commit and lock, with no cache, and compare.",
        discussion: """
            Exit 0 where the image is the same, byte for byte, or where its content is the same under another encoder; \
            1 where it differs, with each file that does and its likely cause. The outcome is recorded, and signed where
            there is a key: an environment with require: [rebaked, provenance] counts those alone that a builder signed.
            """)

    @OptionGroup var global: GlobalOptions
    @Argument(help: ArgumentHelp("A generation, as in web@42.", valueName: "generation"))
    var generation: String
    @OptionGroup var evidenceKey: EvidenceKeyOptions
    @OptionGroup var secrets: SecretOptions
    @Option(name: .shortAndLong, help: "How many stages run at once; as many as there are processors.")
    var jobs: Int?

    func run() throws {
        let session = CommandSession(global)
        if session.options.isDryRun {
            throw UsageError(
                subject: "rebake --dry-run",
                reason: "there is nothing to decide: it bakes, compares, and records the outcome",
                hint: "bake show \(generation) has what it bakes from")
        }
        let store = try session.openStore()
        let record = try session.resolver(store).generation(generation)
        let inputs = try BakeInputs(try session.checkout(of: record, store), of: record)
        let interruption = Interruption {}
        var request = try session.bakeRequest(jobs: jobs, isDraft: true, secrets: try secrets.read(session)) {
            interruption.isSignalled
        }
        request.key = try evidenceKey.key(session)
        let report = BuildReport(session: session, junit: nil, result: nil)
        do {
            let outcome = try Rebake(store: store, record: record, inputs: inputs, request: request)
                .run(observe: report.observe)
            try tell(outcome, of: record, session)
        } catch  where interruption.isSignalled {
            interruption.unwound()
            session.sweep()
            throw SilentExit(code: .interrupted)
        }
    }

    private func tell(_ outcome: Rebake.Outcome, of record: GenerationRecord, _ session: CommandSession) throws {
        if session.options.json { session.console.document(json(outcome, record)) }
        let result: String
        switch outcome.verdict {
        case .same: result = "\(record.id)  same bytes  \(outcome.rebaked.manifest)"
        case .sameContent:
            result = "\(record.id)  same content under another encoder  \(outcome.rebaked.manifest)"
        case .differs: result = "\(record.id)  differs  \(outcome.rebaked.manifest)"
        }
        if !session.options.json { session.console.result(result) }
        tellDifferences(outcome, session)
        if outcome.verdict == .differs { throw SilentExit(code: .failed) }
    }

    private func tellDifferences(_ outcome: Rebake.Outcome, _ session: CommandSession) {
        // The history says "app: run make": the stage is enough here.
        let stages = outcome.history.map { $0.createdBy.prefix { $0 != ":" } }
        let files = UnreproducedText(outcome.files) { stages.indices.contains($0) ? String(stages[$0]) : nil }
        let settings = outcome.settings.map {
            "\($0.name)  \($0.before?.canonical ?? "none") -> \($0.after?.canonical ?? "none")"
        }
        let layers = outcome.layers.map { "layer \($0.number + 1) \($0.aspects)" }
        for line in files.lines + settings + layers { session.console.note("  \(TerminalText.escaped(line))") }
    }

    private func json(_ outcome: Rebake.Outcome, _ record: GenerationRecord) -> JSON {
        let verdict =
            switch outcome.verdict {
            case .same: "same"
            case .sameContent: "same-content"
            case .differs: "differs"
            }
        return [
            "schema": "bake/rebake/1", "generation": .string(record.id.description), "verdict": .string(verdict),
            "recorded": .string(outcome.recorded.manifest.description),
            "rebaked": .string(outcome.rebaked.manifest.description),
            "files": .array(outcome.files.map(Self.json)),
            "config": .array(outcome.settings.map(DifferenceDocument.setting)),
            "layers": .array(
                outcome.layers.map { ["layer": .number(Int64($0.number + 1)), "aspects": .string($0.aspects)] }),
        ]
    }

    private static func json(_ file: UnreproducedFile) -> JSON {
        .record([
            "path": .string("/\(file.change.path)"), "aspects": .string(file.aspects),
            "cause": file.cause.map { .string($0.rawValue) },
        ])
    }
}
