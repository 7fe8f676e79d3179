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
            let anchoring = anchoring(store, signedWith: key)
            try anchoring.run(isFirst: isFirst, clock: now())
            if let old { try anchoring.run(at: old, isFirst: false, clock: now()) }
        } catch {
            let told = (error as? any ExplainedError).map(CommandFailure.lines) ?? ["\(error)"]
            told.forEach(console.complain)
            console.complain(
                "recorded, and NOT ANCHORED: a store that is written anew now would not be found out:  bake audit --anchor"
            )
        }
    }

    /// The key that `$BAKE_KEY` names; nil where it names none.
    private func environmentKey() throws -> SigningKey? {
        try environment["BAKE_KEY"].nonEmpty.map { try SigningKey(file: absolute($0)) }
    }
}
