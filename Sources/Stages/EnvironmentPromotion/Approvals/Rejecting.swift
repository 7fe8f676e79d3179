import BakeModel
import LedgerDatabase

extension EnvironmentPromotion {
    /// Bars an image from every environment, whatever generation it is. Where it stands it goes on standing.
    /// - Returns: the number of the entry; nil where it was rejected already, and for a dry run.
    public func reject(_ generation: GenerationRecord, reason: String, for request: Request) throws -> Int64? {
        let signed = try sign(
            .reject,
            [
                ActStatement.Target(
                    slot: nil, generation: generation.id, image: generation.image,
                    verdict: generation.verdict?.digest)
            ], for: request)
        let subject = Subject.image(generation.image)
        let (earlier, head) = try ledger.read { transaction in
            (
                try SituationReader(transaction: transaction).rejection(of: generation.image),
                try transaction.head(of: subject)
            )
        }
        guard earlier == nil else { return nil }
        let act = Rejection(image: generation.image, generation: generation.id, reason: reason, signed: signed)
        return try append([act], expecting: [subject: head], for: request.signed(by: signed?.signer))
    }

    /// Every image that is barred, with why and by which entry.
    public func rejections() throws -> [Digest: (reason: String, entry: Int64)] {
        try ledger.read { try $0.entries(Rejection.self, of: nil) }.reduce(into: [:]) { found, item in
            if found[item.act.image] == nil { found[item.act.image] = (item.act.reason, item.entry.sequence) }
        }
    }

    /// Why an image is barred, and by which entry; nil where it is not.
    public func rejection(of image: Digest) throws -> (reason: String, entry: Int64)? {
        try ledger.read { try SituationReader(transaction: $0).rejection(of: image) }.map { ($0.act.reason, $0.entry) }
    }
}
