import ArgumentParser
import BakeModel
import BakePipeline
import EnvironmentPromotion

/// `bake env clock`.
struct EnvironmentClock: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake env", commandName: "clock",
        abstract: "Record that the clock of the latest entries was ahead; times begin anew.",
        discussion: """
            bake env clock --reason "builder 3 came up in 2031" --dry-run      what would be corrected
            bake env clock --reason "builder 3 came up in 2031" --sign KEY     signed, where the policy has operators

            Until then soaks, windows and approvals wait for the time that those entries name. No entry changes: what they
            recorded counts as done before the correction, and the audit says that when exactly is not known.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var signing: SigningOptions

    func run() throws {
        let session = CommandSession(global)
        guard let reason = session.options.reason, reason.contains(where: { !$0.isWhitespace }) else {
            throw UsageError(
                subject: "--reason", reason: "a correction of the clock says why",
                hint: "bake env clock --reason \"builder 3 came up in 2031\"")
        }
        let store = try session.openStore()
        let done = try store.promotion.correctClock(
            reason: reason, for: try session.request(signedWith: signing.sign))
        if done?.entry != nil { session.anchor(store) }
        if session.options.json { return session.console.document(document(done)) }
        guard let done else { return session.console.result("no entry is ahead of this machine's clock") }
        let end = session.local(done.correction.ahead)
        let written = done.entry.map { "entry \($0)" } ?? "dry run"
        session.console.result("entries from \(done.correction.first) on were ahead, up to \(end)  \(written)")
    }

    private func document(_ done: (correction: ClockCorrection, entry: Int64?)?) -> JSON {
        .record([
            "schema": "bake/clock/1", "first": done.map { .number($0.correction.first) },
            "ahead": done.map { .string($0.correction.ahead.description) },
            "entry": done?.entry.map(JSON.number) ?? .null,
        ])
    }
}
