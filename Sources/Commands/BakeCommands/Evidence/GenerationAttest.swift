import ArgumentParser
import BakeModel
import BakePipeline

/// `bake attest`: a signature that the bake could not give.
struct GenerationAttest: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attest", abstract: "Sign what is stated of a generation and was not signed when it was made.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var evidenceKey: EvidenceKeyOptions
    @Argument(help: ArgumentHelp("The generation, as in web@42.", valueName: "generation"))
    var generation: String

    func run() throws {
        let session = CommandSession(global)
        guard let key = try evidenceKey.key(session) else {
            throw UsageError(
                subject: "attest", reason: "there is nothing to sign with", hint: "--key FILE, or $BAKE_KEY")
        }
        let store = try session.openStore()
        let record = try session.resolver(store).generation(generation)
        let unsigned = try LateSignature(store: store, key: key).unsigned(record)
        if unsigned.isEmpty { return session.console.result("\(record.id)  everything is signed by this key already") }
        if !session.options.isDryRun {
            try LateSignature(store: store, key: key).sign(
                unsigned, of: record, by: try session.actor(), clock: session.now())
            session.refreshIndex(of: store)
        }
        session.console.result(
            "\(record.id)  signed \(unsigned.map(\.kind.rawValue).joined(separator: ", "))")
    }
}
