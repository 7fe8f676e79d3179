import BakeModel
import LedgerDatabase

extension EnvironmentPromotion {
    /// The last entry that says something of an image: that it was tested, baked again, rejected, or approved for an
    /// environment of a pipeline; nil where none does.
    public func lastWord(on image: Digest, of pipeline: PipelineName) throws -> Int64? {
        let slots = try policy().environments.map { Slot(pipeline: pipeline, environment: $0.name).description }
        return try ledger.read { transaction in
            let questions =
                [SlotQuery.tests, .rebakes, .rejection].map { ($0, [image.description]) }
                + slots.map { (.approvals, [$0, image.description]) }
            return try questions.flatMap { query, words in
                try transaction.rows(query.rawValue, words.map(LedgerValue.text)).map { try $0.integer("entry") }
            }.max()
        }
    }
}
