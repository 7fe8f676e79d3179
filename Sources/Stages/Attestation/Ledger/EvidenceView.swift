import BakeModel
import LedgerDatabase

/// The tables that answer what is stated of an image, and by whom.
public struct EvidenceView: LedgerView {
    public let name = "evidence"
    public let version: Int64 = 3
    public let schema = """
        CREATE TABLE referrers (
            image TEXT NOT NULL, entry INTEGER NOT NULL, place INTEGER NOT NULL, name TEXT NOT NULL,
            artifact TEXT NOT NULL, size INTEGER NOT NULL, type TEXT NOT NULL, PRIMARY KEY (image, entry, place)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX referrers_by_entry ON referrers (entry);
        CREATE TABLE referrer_indexes (
            image TEXT PRIMARY KEY, entry INTEGER NOT NULL, digest TEXT NOT NULL, size INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX referrer_indexes_by_entry ON referrer_indexes (entry);
        CREATE TABLE attestations (entry INTEGER PRIMARY KEY, generation TEXT NOT NULL) STRICT;
        CREATE INDEX attestations_by_generation ON attestations (generation);
        CREATE TABLE keys (id TEXT PRIMARY KEY, key TEXT NOT NULL, entry INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        """

    /// Makes the view.
    public init() {}

    public func apply(_ entry: Entry, to transaction: ViewTransaction) throws {
        // What is stated of drafts stays where they name it: the index is for what lasts.
        if let record = try GenerationRecord(entry), !record.id.isDraft { try apply(record, entry, to: transaction) }
        if let attestation = try Attestation(entry) { try apply(attestation, entry, to: transaction) }
        if let (finding, image) = try SignedFinding.of(entry), !finding.generation.isDraft {
            let name = "\(finding.generation).\(finding.statement.kind.rawValue).\(entry.sequence)"
            try add([Referrer(finding.statement, name: name)], about: image, entry, to: transaction)
        }
        if let key = try KeyPublication(entry) {
            try transaction.execute(
                "INSERT INTO keys VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                [.text(key.id), .text(key.key), .integer(entry.sequence)])
        }
    }

    private func apply(_ record: GenerationRecord, _ entry: Entry, to transaction: ViewTransaction) throws {
        let documents = Referrer(
            name: "\(record.id).evidence", artifact: record.evidence, size: record.evidenceSize,
            type: Referrer.documentsType)
        let statements = record.statements.map { Referrer($0, name: "\(record.id).\($0.kind.rawValue)") }
        try add([documents] + statements, about: record.image, entry, to: transaction)
    }

    private func apply(_ attestation: Attestation, _ entry: Entry, to transaction: ViewTransaction) throws {
        let number = attestation.entry ?? entry.sequence
        let referrers = attestation.statements.map {
            Referrer($0, name: "\(attestation.generation).\($0.kind.rawValue).\(number)")
        }
        try add(referrers, about: attestation.image, entry, to: transaction)
        try transaction.execute(
            "INSERT INTO attestations VALUES (?, ?)",
            [.integer(entry.sequence), .text(attestation.generation.description)])
    }

    /// Notes artifacts, and what the index of all about the image is from now on.
    private func add(
        _ referrers: [Referrer], about image: Digest, _ entry: Entry, to transaction: ViewTransaction
    ) throws {
        for (place, referrer) in referrers.enumerated() {
            try transaction.execute(
                "INSERT INTO referrers VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    .text(image.description), .integer(entry.sequence), .integer(Int64(place)), .text(referrer.name),
                    .text(referrer.artifact.description), .integer(Int64(clamping: referrer.size)),
                    .text(referrer.type),
                ])
        }
        let document = Referrer.index(of: try Referrer.all(about: image, in: transaction)).canonicalBytes
        try transaction.execute(
            "INSERT OR REPLACE INTO referrer_indexes VALUES (?, ?, ?, ?)",
            [
                .text(image.description), .integer(entry.sequence), .text(Digest.of(document).description),
                .integer(Int64(document.count)),
            ])
    }
}
