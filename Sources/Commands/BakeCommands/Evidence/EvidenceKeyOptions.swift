import ArgumentParser
import BakeModel
import BakePipeline
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
    func attesting<Value>(
        _ options: EvidenceKeyOptions, isUrgent: Bool = false, in store: BakeStore, _ move: () throws -> Value
    ) throws -> Value {
        let found: SigningKey?
        do { found = try options.key(self) } catch {
            guard isUrgent else { throw error }
            let value = try move()
            if !self.options.isDryRun { unsigned(error) }
            return value
        }
        guard !self.options.isDryRun, let key = found else { return try move() }
        let evidence = MoveEvidence(store: store, key: key, actor: try actor(), clock: { now() })
        // A full disk must not stop a rollback: what keeps it from being signed is told behind it.
        let begun = Result { try evidence.begin() }
        let value = try move()
        do { try evidence.record(after: try begun.get()) } catch { unsigned(error) }
        return value
    }

    private func unsigned(_ error: any Error) {
        let told = (error as? any ExplainedError).map(CommandFailure.lines) ?? ["\(error)"]
        for line in told { console.complain(line) }
        console.complain("what moved is recorded and not signed: bake attest GENERATION")
    }
}
