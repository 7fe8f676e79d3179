import BakeModel
import LedgerDatabase

extension EnvironmentPromotion {
    /// The last entry that says something of a generation's image: that it was tested, baked again, rejected, or approved
    /// for an environment; nil where none does.
    public func lastWord(on record: GenerationRecord) throws -> Int64? {
        let slots = try policy().environments.map { Slot(pipeline: record.id.pipeline, environment: $0.name) }
        return try ledger.read { transaction in
            let reader = SituationReader(transaction: transaction)
            let approvals = try slots.flatMap { slot in
                try reader.everyApproval(of: record.image, at: slot)
            }
            let words = [
                try reader.tests(of: record.image).last?.entry, try reader.rebakes(of: record).last?.entry,
                try reader.rejection(of: record.image)?.entry, approvals.last?.entry,
            ]
            return words.compactMap(\.self).max()
        }
    }
}
