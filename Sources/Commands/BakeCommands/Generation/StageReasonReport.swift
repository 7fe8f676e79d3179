import BakeModel
import BakePipeline

/// What `bake why STAGE` tells.
struct StageReasonReport {
    let session: CommandSession
    let hasKey: Bool

    func tell(_ stage: String, _ build: String?, _ store: BakeStore) throws {
        let finder = BuildFinder(store: store, resolver: try session.resolver(store))
        let bake = try build.map(finder.find) ?? finder.latest()
        let search = StageReasonSearch(store: store, finder: finder, checkout: session.checkoutAtHand)
        let reason = try search.reason(for: stage, in: bake)
        if session.options.json { return session.console.document(json(reason)) }
        if hasKey { return try tellKey(reason) }
        session.console.result(Self.headline(reason))
        var table = TextTable()
        for change in reason.changes ?? [] {
            let commit = change.commit.map { "\($0.id.short) \($0.author) \"\($0.summary)\"" }
            table.add([change.name, ValueChange(from: change.before, to: change.after).text, commit ?? ""])
        }
        for line in table.lines { session.console.result("  \(line)") }
        if reason.changes == nil { session.console.note(Self.lost) }
    }

    private static let lost =
        "the cache has the list of its inputs no more: it was emptied since, or the stage ran with another store's cache"

    private func tellKey(_ reason: StageReason) throws {
        guard let inputs = reason.inputs else {
            throw MissingKey(stage: reason.stage.name, build: reason.bake.number)
        }
        var table = TextTable()
        for input in inputs { table.add([input.name, input.value]) }
        table.lines.forEach(session.console.result)
    }

    private static func headline(_ reason: StageReason) -> String {
        let name = reason.stage.name
        let earlier = reason.earlier?.title
        switch (reason.stage.state, reason.changes) {
        case ("skipped", _): return "\(name) was skipped in build \(reason.bake.number): another stage failed first"
        case ("cached", _):
            return "\(name) was cached in build \(reason.bake.number): \(inputs(reason)) as when it ran"
                + (earlier.map { " for \($0)" } ?? "")
        case (let state, let changes?) where !changes.isEmpty:
            let count = reason.inputs.map { " of \($0.count) inputs" } ?? ""
            return "\(name) \(state) because \(changes.count)\(count) changed\(earlier.map { " since \($0)" } ?? ""):"
        case (let state, _) where reason.stage.key == nil:
            return
                "\(name) \(state) in build \(reason.bake.number): its inputs could not be found, or it runs every time"
        case (let state, _) where reason.stage.earlierKey == nil:
            return "\(name) \(state) in build \(reason.bake.number) for the first time: \(inputs(reason))"
        case ("failed", _): return "\(name) failed in build \(reason.bake.number) with unchanged inputs"
        case (let state, _):
            return "\(name) \(state) in build \(reason.bake.number): \(TerminalText.escaped(reason.stage.why))"
        }
    }

    private static func inputs(_ reason: StageReason) -> String {
        reason.inputs.map { "\($0.count) input\($0.count == 1 ? "" : "s")" } ?? "the same inputs"
    }

    private func json(_ reason: StageReason) -> JSON {
        .record([
            "schema": "bake/why/1", "pipeline": .string(reason.bake.record.pipeline.text),
            "build": .number(reason.bake.number), "stage": .string(reason.stage.name),
            "state": .string(reason.stage.state), "why": .string(reason.stage.why),
            "since": reason.earlier.map { .string($0.title) } ?? .null,
            "inputs": reason.inputs.map { .number(Int64($0.count)) } ?? .null,
            "changes": reason.changes.map { .array($0.map(Self.json)) } ?? .null,
            "key": hasKey
                ? reason.inputs.map { .array($0.map { ["name": .string($0.name), "value": .string($0.value)] }) } : nil,
        ])
    }

    private static func json(_ change: StageReason.Change) -> JSON {
        .record([
            "name": .string(change.name), "before": change.before.map(JSON.string),
            "after": change.after.map(JSON.string), "commit": change.commit?.json,
        ])
    }
}

/// A list of inputs that the cache does not have any more.
struct MissingKey: ExplainedError, Hashable {
    let stage: String
    let build: Int64
    let doing = "print the key of"
    var subject: String { stage }
    var reason: String { "the cache has no list of its inputs in build \(build)" }
    var hint: String? { "bake, then bake why \(stage) --key" }
    var exit: ExitCode { .notFound }
}
