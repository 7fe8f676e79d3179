import ArgumentParser
import BakeModel
import BakePipeline
import EnvironmentPromotion
import Signing

/// The key that signs evidence.
struct EvidenceKeyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Sign with this Ed25519 key, PKCS #8 in PEM; else with $BAKE_KEY, a file's path.", valueName: "file"))
    var key: String?

    /// The key; nil where none is named.
    /// - Throws: `KeyFault`, `SystemError`.
    func key(_ session: CommandSession) throws -> SigningKey? {
        try (key ?? session.environment["BAKE_KEY"].nonEmpty).map { try SigningKey(file: session.absolute($0)) }
    }
}

extension CommandSession {
    /// Moves slots, and signs what moved. The move stands whether or not it could be signed.
    /// - Parameter isUrgent: whether a key that is missing or wrong keeps nothing from being moved.
    func attesting(
        _ options: EvidenceKeyOptions, isUrgent: Bool = false, in store: BakeStore,
        _ move: () throws -> EnvironmentPromotion.Outcome
    ) throws -> EnvironmentPromotion.Outcome {
        let found: SigningKey?
        do { found = try options.key(self) } catch {
            guard isUrgent else { throw error }
            let outcome = try move()
            if let entry = outcome.entry { unsigned(outcome.move.to, entry, error) }
            return outcome
        }
        guard !self.options.isDryRun, let key = found else { return try move() }
        let evidence = MoveEvidence(store: store, key: key, actor: try actor(), clock: { now() })
        // A full disk must not stop a rollback: what keeps it from being signed is told behind it.
        let begun = Result { try evidence.begin() }
        let outcome = try move()
        guard let entry = outcome.entry, !outcome.isNothingToDo else { return outcome }
        do {
            try begun.get()
            try evidence.record([entry])
        } catch { unsigned(outcome.move.to, entry, error) }
        return outcome
    }

    private func unsigned(_ generation: GenerationID, _ entry: Int64, _ error: any Error) {
        let told = (error as? any ExplainedError).map(CommandFailure.lines) ?? ["\(error)"]
        for line in told { console.complain(line) }
        console.complain("what moved is recorded and not signed: bake attest \(generation) --entry \(entry)")
    }
}
