import BakeModel
import BakePipeline
import Signing

extension CommandSession {
    /// Anchors the ledger of a store.
    func anchoring(_ store: BakeStore, signedWith key: SigningKey?) -> StoreAnchoring {
        StoreAnchoring(store: store, key: key, options: fetchOptions)
    }

    /// Keeps a checkpoint outside the store, where the policy says so. What was recorded stands whether or not that works:
    /// the next checkpoint covers it as well.
    /// - Parameters:
    ///   - isFirst: whether the policy names that place for the first time.
    ///   - old: the place that the policy before named, where that is another: without this, whoever cuts the ledger off before
    ///     the new policy would find that place content.
    func anchor(
        _ store: BakeStore, _ options: EvidenceKeyOptions? = nil, isFirst: Bool = false, leaving old: AnchorPlace? = nil
    ) {
        if self.options.isDryRun { return }
        do {
            let key = try options?.key(self) ?? environmentKey()
            try anchoring(store, signedWith: key).run(isFirst: isFirst, clock: now())
        } catch {
            complain(
                error,
                "recorded, and NOT ANCHORED: a store that is written anew now would not be found out:  bake audit --anchor"
            )
        }
        guard let old else { return }
        do {
            let key = try options?.key(self) ?? environmentKey()
            try anchoring(store, signedWith: key).run(at: old, isFirst: false, clock: now())
        } catch {
            let name = TerminalText.escaped(old.description)
            complain(error, "\(name) is the anchor no more, and got no last checkpoint that says so")
        }
    }

    private func complain(_ error: any Error, _ consequence: String) {
        let told = (error as? any ExplainedError).map(CommandFailure.lines) ?? ["\(error)"]
        for line in told + [consequence] { console.complain(line) }
    }

    /// The key that `$BAKE_KEY` names; nil where it names none.
    private func environmentKey() throws -> SigningKey? {
        try environment["BAKE_KEY"].nonEmpty.map { try SigningKey(file: absolute($0)) }
    }
}
