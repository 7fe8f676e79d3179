import BakeModel
import LedgerDatabase
import Signing

/// What is stated of images, and the keys that signed.
public struct AttestationLog: Sendable {
    let ledger: Ledger

    /// Reads and extends a ledger that keeps an `EvidenceView` and a `TreeView`.
    public init(ledger: Ledger) { self.ledger = ledger }

    /// Every artifact that an entry behind a number, and up to another, named.
    public func referrers(after first: Int64, through last: Int64) throws -> [Referrer] {
        try ledger.read { try Referrer.all(after: first, through: last, in: $0) }
    }

    /// The artifacts about an image, in the order in which they came.
    public func referrers(of image: Digest) throws -> [Referrer] {
        try ledger.read { try Referrer.all(about: image, in: $0) }
    }

    /// The indexes behind the fallback tags of images.
    public func indexes(of images: some Sequence<Digest>) throws -> [ReferrerIndex] {
        try ledger.read { transaction in
            try images.compactMap { image in
                try transaction.row(
                    "SELECT * FROM referrer_indexes WHERE image = ?", [.text(image.description)]
                ).map(Self.index)
            }
        }
    }

    /// The bytes of the indexes that an entry behind a number, and up to another, changed last.
    public func indexDocuments(after first: Int64, through last: Int64) throws -> [[UInt8]] {
        let changed = try indexes(
            "SELECT * FROM referrer_indexes WHERE entry > ? AND entry <= ?", [.integer(first), .integer(last)])
        return try ledger.read { transaction in
            try changed.map { Referrer.index(of: try Referrer.all(about: $0.image, in: transaction)).canonicalBytes }
        }
    }

    private func indexes(_ query: String, _ arguments: [LedgerValue]) throws -> [ReferrerIndex] {
        try ledger.read { try $0.rows(query, arguments) }.map(Self.index)
    }

    private static func index(_ row: LedgerRow) throws -> ReferrerIndex {
        guard let image = Digest(try row.text("image")), let digest = Digest(try row.text("digest")) else {
            throw LedgerError.falseView("the view evidence", detail: "a row cannot be read")
        }
        return ReferrerIndex(image: image, digest: digest, size: UInt64(clamping: try row.integer("size")))
    }

    /// What was stated of a generation after it was made, with its entries, in order.
    public func attestations(of generation: GenerationID) throws -> [(record: Attestation, entry: Entry)] {
        try ledger.read { transaction in
            try transaction.rows(
                "SELECT entry FROM attestations WHERE generation = ? ORDER BY entry", [.text(generation.description)]
            ).compactMap { row in
                let entry = try transaction.entry(try row.integer("entry"))
                return try Attestation(entry).map { ($0, entry) }
            }
        }
    }

    /// Every checkpoint of the ledger that is kept in the store, in order.
    public func checkpoints() throws -> [StatementFacts] {
        try ledger.read { transaction in
            try transaction.rows("SELECT entry FROM attestations ORDER BY entry").flatMap { row in
                try Attestation(try transaction.entry(try row.integer("entry")))?.statements ?? []
            }
        }.filter { $0.kind == .checkpoint }
    }

    /// The keys that signed in this store, with the entries that published them.
    public func keys() throws -> [(key: VerifyingKey, entry: Int64)] {
        try ledger.read { try $0.rows("SELECT * FROM keys ORDER BY entry") }.map { row in
            guard let key = VerifyingKey(base64: try row.text("key")) else {
                throw LedgerError.falseView("the view evidence", detail: "a key cannot be read")
            }
            return (key, try row.integer("entry"))
        }
    }

    /// Puts the public half of a key into the ledger, where it is not there yet.
    /// - Returns: the number of the entry that has it.
    public func publish(_ key: VerifyingKey, by actor: Actor, clock: Timestamp) throws -> Int64 {
        while true {
            let (known, head) = try ledger.read { transaction in
                (
                    try transaction.row("SELECT entry FROM keys WHERE id = ?", [.text(key.id)])?.integer("entry"),
                    try transaction.head(of: .evidence)
                )
            }
            if let known { return known }
            do {
                let act = KeyPublication(id: key.id, key: key.base64).act
                return try ledger.append([act], by: actor, clock: clock, expecting: [.evidence: head])[0].sequence
            } catch LedgerError.lostRace { continue }
        }
    }
}
