import BakeModel
import LedgerDatabase

/// Ledger → answers. Read only.
public struct AuditTrail: Sendable {
    private let ledger: Ledger

    /// Reads a ledger that keeps an `AuditView`.
    public init(ledger: Ledger) { self.ledger = ledger }

    /// What a slot held at a time; nil where it was empty then. A span begins with its first millisecond and ends before
    /// the next one's.
    public func span(of slot: Slot, at time: Timestamp) throws -> AuditSpan? {
        // Several moves in one millisecond: the latest is what the slot held at its end.
        try spans(
            "slot = ? AND since <= ? ORDER BY entry DESC LIMIT 1",
            [.text(slot.description), .integer(time.milliseconds)]
        ).first
    }

    /// Everything that a slot held, oldest first.
    public func timeline(of slot: Slot) throws -> [AuditSpan] {
        try spans("slot = ? ORDER BY entry", [.text(slot.description)])
    }

    /// Everywhere an image was, in the order in which it came there.
    public func spans(of image: Digest) throws -> [AuditSpan] {
        try spans("image = ? ORDER BY entry", [.text(image.description)])
    }

    /// Everywhere a commit was, in the order in which it came there.
    public func spans(of commit: CommitID) throws -> [AuditSpan] {
        try spans("commit_id = ? ORDER BY entry", [.text(commit.hex)])
    }

    /// Every slot that ever held something, by name.
    public func slots() throws -> [Slot] {
        try ledger.read { try $0.rows("SELECT DISTINCT slot FROM audit_spans ORDER BY slot") }
            .compactMap { Slot(try $0.text("slot")) }
    }

    /// What is wrong with the ledger: nothing, when every entry is what was written.
    public func verify() throws -> [LedgerFinding] { try ledger.verify() }

    /// The number of the latest entry; 0 where there is none.
    public func latest() throws -> Int64 { try ledger.latest() }

    /// The entries as exported lines, in order, each given to `line`; their SHA-256 is the next one's `prev`.
    public func export(_ line: ([UInt8]) throws -> Void) throws {
        var next: Int64 = 1
        while case let entries = try ledger.entries(from: next, limit: 1000), let last = entries.last {
            for entry in entries { try line(entry.json.canonicalBytes) }
            next = last.sequence + 1
        }
    }

    private func spans(_ condition: String, _ arguments: [LedgerValue]) throws -> [AuditSpan] {
        try ledger.read { transaction in
            try transaction.rows("SELECT * FROM audit_spans WHERE \(condition)", arguments)
                .map { try Self.span($0, in: transaction) }
        }
    }

    private static func span(_ row: LedgerRow, in transaction: ViewTransaction) throws -> AuditSpan {
        let entry = try transaction.entry(try row.integer("entry"))
        let made = try transaction.row(
            "SELECT entry FROM audit_generations WHERE generation = ?", [.text(try row.text("generation"))])
        guard let move = try SlotMove(entry), let made,
            let generation = try GenerationRecord(try transaction.entry(try made.integer("entry")))
        else { throw LedgerError.damaged(path: "the view audit", detail: "entry \(entry.sequence) is no move") }
        return AuditSpan(
            slot: move.slot, since: Timestamp(milliseconds: try row.integer("since")),
            until: row["until"].integer.map(Timestamp.init(milliseconds:)), move: move, entry: entry.sequence,
            actor: entry.actor, generation: generation)
    }
}
