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
    /// - Parameter isFirst: whether the policy names that place for the first time.
    func anchor(_ store: BakeStore, _ options: EvidenceKeyOptions? = nil, isFirst: Bool = false) {
        if self.options.isDryRun { return }
        do {
            let key = try options?.key(self) ?? environmentKey()
            try anchoring(store, signedWith: key).run(isFirst: isFirst, clock: now())
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
