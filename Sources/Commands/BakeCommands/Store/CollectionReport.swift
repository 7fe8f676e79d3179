import BakeModel
import BakePipeline

/// A collection for people: what stays and why, what goes and why.
struct CollectionReport {
    let session: CommandSession

    /// What would be done.
    func tell(_ plan: CollectionPlan) {
        if session.options.json { return session.console.document(plan.json) }
        if session.options.quiet { return session.console.result(String(plan.bytes)) }
        var table = TextTable()
        for kept in plan.kept {
            table.add(["keep", kept.generation.description, TerminalText.escaped(kept.reasons.joined(separator: ", "))])
        }
        for folded in plan.folded {
            table.add(["fold", folded.generation.description, folded.reason, Wording.size(folded.bytes)])
        }
        for dropped in plan.dropped { table.add(line(dropped)) }
        if plan.loose.count > 0 {
            let blobs = plan.loose.count == 1 ? "a blob" : "\(plan.loose.count) blobs"
            table.add(["drop", blobs, "named by nothing", Wording.size(plan.loose.bytes)])
        }
        table.lines.forEach(session.console.result)
        session.console.note("\(Wording.size(plan.bytes)) would go, \(Wording.size(plan.left)) stay")
    }

    /// What of an order would be done.
    func tell(_ rest: CollectionRest, in store: BakeStore) {
        let bytes = rest.blobs.reduce(0) { $0 + ((try? store.blobs.size($1)) ?? 0) }
        if session.options.json {
            return session.console.document([
                "schema": "bake/gc-order/1",
                "generations": .array(rest.generations.map { .string($0.description) }),
                "blobs": .array(rest.blobs.map { .string($0.description) }), "bytes": .number(Int64(clamping: bytes)),
            ])
        }
        if session.options.quiet { return session.console.result(String(bytes)) }
        rest.generations.forEach { session.console.result("drop  \($0)") }
        let blobs = rest.blobs.count == 1 ? "1 blob" : "\(rest.blobs.count) blobs"
        session.console.note(
            rest.blobs.isEmpty && rest.generations.isEmpty
                ? "everything in the plan is gone already" : "\(blobs), \(Wording.size(bytes)) would go")
    }

    private func line(_ dropped: CollectionPlan.Dropped) -> [String] {
        let shared = dropped.shared > 0 ? " (shared: \(Wording.size(dropped.shared)) stay)" : ""
        return ["drop", dropped.generation.description, dropped.reason, Wording.size(dropped.freed) + shared]
    }

    /// What was done.
    func tell(_ outcome: StoreCollection.Outcome) {
        if session.options.json {
            return session.console.document([
                "schema": "bake/gc/1",
                "generations": .array(outcome.generations.map { .string($0.description) }),
                "blobs": .number(Int64(outcome.count)), "layers-folded": .number(Int64(outcome.folded)),
                "bytes-freed": .number(Int64(clamping: outcome.blobs.deleted)),
                "bytes-waiting": .number(Int64(clamping: outcome.blobs.waiting)),
            ])
        }
        if session.options.quiet { return session.console.result(String(outcome.blobs.deleted)) }
        let images = outcome.generations.map(\.description).joined(separator: ", ")
        session.console.result(
            "collected \(images.isEmpty ? "no image" : images)  freed \(Wording.size(outcome.blobs.deleted))")
        if outcome.folded > 0 {
            session.console.note("\(outcome.folded) layers are kept as the pieces that they share with others")
        }
        if outcome.blobs.waiting > 0 {
            session.console.note(
                "\(Wording.size(outcome.blobs.waiting)) wait in trash/ for what runs now to end: then bake gc again")
        }
    }
}
