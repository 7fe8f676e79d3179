import BakeModel
import BakePipeline
import Signing

/// What `bake audit --anchor` does and tells.
struct AnchorReport {
    let session: CommandSession

    func tell(key: SigningKey?) throws {
        let store = try session.openStore()
        if session.options.isDryRun { return session.console.note("dry run: nothing anchored") }
        guard let outcome = try session.anchoring(store, signedWith: key).run(isFirst: true, clock: session.now())
        else {
            throw UsageError(
                subject: "--anchor", reason: "the policy names no place for checkpoints",
                hint: "anchor: { file: /absolute/path } in the policy, then bake env apply FILE")
        }
        if session.options.json {
            return session.console.document([
                "schema": "bake/anchor/1", "place": outcome.place.json, "entries": .number(outcome.size),
                "signed": .bool(outcome.isSigned), "new": .bool(!outcome.wasThere),
            ])
        }
        let state = outcome.wasThere ? "there already" : outcome.isSigned ? "signed" : "signed by nobody: --key"
        session.console.result(
            "\(TerminalText.escaped(outcome.place.description))  entries 1 to \(outcome.size)  \(state)")
    }
}
