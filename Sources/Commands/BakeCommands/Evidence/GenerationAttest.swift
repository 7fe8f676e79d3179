import ArgumentParser
import BakeModel
import BakePipeline

/// `bake attest`: a signature that the bake could not give.
struct GenerationAttest: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake", commandName: "attest",
        abstract: "Sign what is stated of a generation and was not signed when it was made.",
        discussion: """
            bake attest web@42               how it was made, what is in it, what tests said
            bake attest web@42 --entry 17    that entry 17 moved it: only what you know to be right
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var evidenceKey: EvidenceKeyOptions
    @Argument(help: ArgumentHelp("The generation, as in web@42.", valueName: "generation"))
    var generation: String
    @Option(help: ArgumentHelp("Sign the move to it that this entry made.", valueName: "number"))
    var entry: Int64?

    func run() throws {
        let session = CommandSession(global)
        guard let key = try evidenceKey.key(session) else {
            throw UsageError(
                subject: "attest", reason: "there is nothing to sign with", hint: "--key FILE, or $BAKE_KEY")
        }
        let store = try session.openStore()
        let record = try session.resolver(store).generation(generation)
        let signature = LateSignature(store: store, key: key)
        let what =
            if let entry { try sign(moveAt: entry, of: record, signature, session) } else {
                try sign(record, signature, session)
            }
        guard let what else { return session.console.result("\(record.id)  everything is signed by this key already") }
        session.refreshIndex(of: store)
        session.console.result("\(record.id)  signed \(what)")
    }

    /// - Returns: what is signed now; nil where it was before.
    private func sign(
        _ record: GenerationRecord, _ signature: LateSignature, _ session: CommandSession
    ) throws -> String? {
        let unsigned = try signature.unsigned(record)
        if unsigned.isEmpty { return nil }
        if !session.options.isDryRun {
            try signature.sign(unsigned, of: record, by: try session.actor(), clock: session.now())
        }
        return unsigned.map(\.kind.rawValue).joined(separator: ", ")
    }

    private func sign(
        moveAt entry: Int64, of record: GenerationRecord, _ signature: LateSignature, _ session: CommandSession
    ) throws -> String? {
        if try signature.isSigned(entry, of: record) { return nil }
        if !session.options.isDryRun {
            try signature.sign(entry, by: try session.actor(), clock: { session.now() })
        }
        return "the move of entry \(entry)"
    }
}
