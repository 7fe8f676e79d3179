import ArgumentParser
import BakeModel
import BakePipeline
import EnvironmentPromotion
import LinuxSystem

/// `bake status`: what is where.
struct StoreStatus: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake", commandName: "status", abstract: "Show what every environment holds.")

    @OptionGroup var global: GlobalOptions

    @Option(
        help: ArgumentHelp("Write a page for a browser: slots, timelines, verdicts, who did what.", valueName: "file"))
    var html: String?

    func run() throws {
        let session = CommandSession(global)
        let store = try session.openStore(readOnly: true)
        let status = try Status(store, now: session.now(), only: try session.pipeline())
        if let html {
            let page = try StatusPage(store, status, session: session).text
            if html == "-" { return session.console.verbatim(page) }
            if !session.options.isDryRun {
                try OutputFile.write(session.absolute(html), page.utf8)
            }
            return session.console.note("wrote \(TerminalText.escaped(html))")
        }
        if session.options.json { return session.console.document(status.json) }
        guard !status.pipelines.isEmpty else { return session.console.note("nothing was baked into this store yet") }
        (status.lines + status.staleLines + status.alarms).map(TerminalText.escaped).forEach(session.console.result)
        if !status.staleLines.isEmpty { session.console.note("hint: bake build --stale") }
    }
}

/// Every slot of every pipeline, as a grid.
struct Status {
    let pipelines: [PipelineName]
    private let environments: [EnvironmentName]
    private let states: [Slot: SlotState]
    private let newest: [PipelineName: GenerationID]
    private let stale: [StaleImage]
    private let now: Timestamp
    private let glass: [BrokenGlass]
    private let rejected: [(state: SlotState, reason: String, entry: Int64, wayOut: String)]
    private let failed: [FailedHead]

    /// A test that what a slot holds fails.
    private struct FailedHead {
        let slot: Slot
        let generation: GenerationID
        let test: FailedTest
        let wayOut: String
    }

    init(_ store: BakeStore, now: Timestamp, only: PipelineName?) throws {
        pipelines = try store.generations.pipelines().filter { only == nil || $0 == only }
        let held = try store.promotion.slots(depth: 1)
        let policy = try store.promotion.policy()
        let named = policy.environments.map(\.name)
        environments = named + Set(held.map(\.slot.environment)).subtracting(named).sorted()
        states = Dictionary(held.map { ($0.slot, $0) }, uniquingKeysWith: { $1 })
        newest = try Dictionary(
            pipelines.compactMap { name in try store.generations.newest(name).map { (name, $0.record.id) } },
            uniquingKeysWith: { $1 })
        let shown = Set(pipelines)
        stale = try StaleImage.all(in: store).filter { shown.contains($0.child.id.pipeline) }
        self.now = now
        glass = try store.promotion.openGlass().filter { shown.contains($0.move.slot.pipeline) }
        let heads = held.filter { shown.contains($0.slot.pipeline) }
        rejected = try heads.compactMap { state in
            try state.current.flatMap { try store.promotion.rejection(of: $0.image) }.map {
                (state, $0.reason, $0.entry, try store.wayOut(of: state.slot))
            }
        }
        failed = try Self.failures(heads, by: policy, in: store)
    }

    private static func failures(_ heads: [SlotState], by policy: Policy, in store: BakeStore) throws -> [FailedHead] {
        let failed = try store.failedTests(of: Set(heads.compactMap(\.current?.image)))
        return try heads.flatMap { state -> [FailedHead] in
            guard let current = state.current else { return [] }
            let tests = (failed[current.image] ?? []).filter { $0.stands(in: state.slot.environment, by: policy) }
            return try tests.map {
                FailedHead(
                    slot: state.slot, generation: current.generation, test: $0, wayOut: try store.wayOut(of: state.slot)
                )
            }
        }
    }

    /// What must not go unseen: promotions past their gates, and images that still stand somewhere although they were
    /// rejected or failed a later test.
    var alarms: [String] {
        glass.map {
            "GLASS BROKEN  \($0.move.slot)  \($0.move.to)  by \($0.actor.text): \($0.move.brokenGlass ?? "")"
                + "  entry \($0.entry), open:  \($0.command)"
        }
            + rejected.map {
                "REJECTED  \($0.state.current?.generation.description ?? "")  still in \($0.state.slot): \($0.reason)"
                    + "  entry \($0.entry):  \($0.wayOut)"
            }
            + failed.map {
                "TEST FAILED  \($0.generation)  still in \($0.slot): \($0.test.text):  \($0.wayOut)"
            }
    }

    var lines: [String] {
        var table = TextTable()
        table.add(["", "newest"] + environmentNames)
        rows.forEach { table.add($0) }
        return table.lines
    }

    /// The columns behind a pipeline's newest generation.
    var environmentNames: [String] { environments.map(\.text) }

    /// A pipeline, its newest generation, and what each environment holds of it.
    var rows: [[String]] {
        pipelines.map { pipeline in
            let cells = environments.map { cell(Slot(pipeline: pipeline, environment: $0)) }
            return [pipeline.text, newest[pipeline]?.shortName ?? "-"] + cells
        }
    }

    /// The images whose parent has moved on, a line each.
    var staleLines: [String] {
        stale.map { "stale  \($0.child.id)  \($0.base.generation) -> \($0.parent)  \($0.base.asked) moved on" }
    }

    var json: JSON {
        [
            "schema": "bake/status/1", "pipelines": .array(pipelines.map(json)),
            "stale": .array(
                stale.map {
                    [
                        "generation": .string($0.child.id.description), "asked": .string($0.base.asked),
                        "from": .string($0.base.generation.description), "to": .string($0.parent.description),
                    ]
                }),
            "broken-glass": .array(
                glass.map {
                    [
                        "slot": .string($0.move.slot.description), "generation": .string($0.move.to.description),
                        "reason": .string($0.move.brokenGlass ?? ""), "entry": .number($0.entry),
                    ]
                }),
            "rejected": .array(
                rejected.map {
                    [
                        "slot": .string($0.state.slot.description), "reason": .string($0.reason),
                        "entry": .number($0.entry),
                    ]
                }),
            "failed-tests": .array(
                failed.map {
                    [
                        "slot": .string($0.slot.description), "generation": .string($0.generation.description),
                        "test": $0.test.json,
                    ]
                }),
        ]
    }

    private func cell(_ slot: Slot) -> String {
        guard let state = states[slot], let current = state.current, let move = state.latestMove else { return "-" }
        let age = Wording.age(milliseconds: now.milliseconds - move.time.milliseconds)
        let freezes = state.freezes(at: now).map(\.text).joined(separator: "; ")
        return "\(current.generation.shortName)  \(age)" + (freezes.isEmpty ? "" : "  \(freezes)")
    }

    private func json(_ pipeline: PipelineName) -> JSON {
        let slots = environments.compactMap { states[Slot(pipeline: pipeline, environment: $0)] }
        return .record([
            "pipeline": .string(pipeline.text), "newest": newest[pipeline].map { .string($0.description) } ?? .null,
            "slots": .array(
                slots.map { state in
                    let freezes = state.freezes(at: now)
                    return .record([
                        "slot": .string(state.slot.description),
                        "generation": state.current.map { .string($0.generation.description) },
                        "image": state.current.map { .string($0.image.description) },
                        "since": state.latestMove.map { .string($0.time.description) },
                        "entry": state.latestMove.map { .number($0.entry) },
                        "frozen": freezes.first.map { .string($0.reason) },
                        "freezes": freezes.isEmpty ? nil : .array(freezes.map(\.json)),
                    ])
                }),
        ])
    }
}
