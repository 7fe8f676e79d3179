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
        try spans(.slotAtTime, [.text(slot.description), .integer(time.milliseconds)]).first
    }

    /// Everything that a slot held, oldest first.
    public func timeline(of slot: Slot) throws -> [AuditSpan] {
        try spans(.slot, [.text(slot.description)])
    }

    /// What a slot held last, oldest first.
    /// - Parameter limit: how many spans at most.
    public func timeline(of slot: Slot, limit: Int) throws -> [AuditSpan] {
        try spans(.latestOfSlot, [.text(slot.description), .integer(Int64(limit))]).reversed()
    }

    /// Everywhere an image was, in the order in which it came there.
    public func spans(of image: Digest) throws -> [AuditSpan] {
        try spans(.image, [.text(image.description)])
    }

    /// Everywhere a commit was, in the order in which it came there.
    public func spans(of commit: CommitID) throws -> [AuditSpan] {
        try spans(.commit, [.text(commit.hex)])
    }

    /// Everywhere the commits were whose ids begin so.
    public func spans(of commit: CommitPrefix) throws -> [AuditSpan] {
        try spans(.commitPrefix, [.text(commit.hex), .text(commit.hex + "g")]).sorted { $0.entry < $1.entry }
    }

    /// Everywhere a generation was.
    public func spans(of generation: GenerationID) throws -> [AuditSpan] {
        try spans(.spansOfGeneration, [.text(generation.description)])
    }

    /// The promotion whose gates let a generation in that a rollback brought back; nil where the span began with one.
    public func admission(of span: AuditSpan) throws -> AuditSpan? {
        guard span.move.direction == .rollback else { return nil }
        return try spans(of: span.generation.id).last {
            $0.slot == span.slot && $0.move.direction == .promote && $0.entry < span.entry
        }
    }

    /// Where images still are that were rejected.
    public func rejectedSpans() throws -> [AuditSpan] { try spans(.rejected, []).sorted { $0.entry < $1.entry } }

    /// The different lists of packages that generations have.
    public func packageLists() throws -> [PackageListUse] {
        try ledger.read { try $0.rows(AuditQuery.packageLists.rawValue) }.map { row in
            guard let list = Digest(try row.text("list")) else { throw Self.damaged("a row cannot be read") }
            return PackageListUse(
                list: list, generations: try row.integer("generations"), promoted: try row.integer("promoted"))
        }
    }

    /// Whether there are generations whose packages are not known: images without dpkg, bakes of older versions.
    public func hasUnlistedGenerations() throws -> Bool {
        try ledger.read { try $0.row(AuditQuery.unlisted.rawValue) } != nil
    }

    /// Where and when slots had exactly these packages, by slot, oldest first.
    public func packageSpans(of list: Digest) throws -> [PackageSpan] {
        try ledger.read { try $0.rows(AuditQuery.packageSpans.rawValue, [.text(list.description)]) }.map { row in
            guard let slot = Slot(try row.text("slot")), let first = GenerationID(try row.text("first")),
                let last = GenerationID(try row.text("last"))
            else { throw Self.damaged("a row cannot be read") }
            return PackageSpan(
                slot: slot, since: Timestamp(milliseconds: try row.integer("since")),
                until: row["until"].integer.map(Timestamp.init(milliseconds:)), entry: try row.integer("entry"),
                end: row["ended_by"].integer, first: first, last: last)
        }
    }

    /// What people did, the latest first: everybody, or whoever has this name, be it claimed, observed or signed.
    public func acts(by name: String?, limit: Int) throws -> [Entry] {
        try ledger.read { transaction in
            try transaction.rows(AuditQuery.acts.rawValue, [.text(name ?? ""), .integer(Int64(limit))])
                .map { try transaction.entry(try $0.integer("entry")) }
        }
    }

    /// Every slot that ever held something, by name.
    public func slots() throws -> [Slot] {
        try ledger.read { try $0.rows(AuditQuery.slots.rawValue) }.map { row in
            guard let slot = Slot(try row.text("slot")) else { throw Self.damaged("a row cannot be read") }
            return slot
        }
    }

    /// What is wrong with the ledger: nothing, when every entry is what was written.
    public func verify() throws -> [LedgerFinding] { try ledger.verify() }

    /// The number of the latest entry; 0 where there is none.
    public func latest() throws -> Int64 { try ledger.latest() }

    /// The entries as exported lines, in order, each given to `line`; their SHA-256 is the next one's `prev`.
    public func export(_ line: ([UInt8]) throws -> Void) throws {
        try ledger.forEach { try line($0.json.canonicalBytes) }
    }

    private func spans(_ query: AuditQuery, _ arguments: [LedgerValue]) throws -> [AuditSpan] {
        try ledger.read { transaction in
            try transaction.rows(query.rawValue, arguments)
                .map { try Self.span($0, in: transaction) }
        }
    }

    private static func span(_ row: LedgerRow, in transaction: ViewTransaction) throws -> AuditSpan {
        let entry = try transaction.entry(try row.integer("entry"))
        let slot = try row.text("slot")
        guard let move = try SlotMove.all(of: entry).first(where: { $0.slot.description == slot }) else {
            throw damaged("entry \(entry.sequence) is no move")
        }
        let since = Timestamp(milliseconds: try row.integer("since"))
        return AuditSpan(
            slot: move.slot, since: since, until: row["until"].integer.map(Timestamp.init(milliseconds:)), move: move,
            wrongTime: entry.time > since ? entry.time : nil, slowClock: entry.slowClock, entry: entry.sequence,
            actor: entry.actor, generation: try generation(move.to, in: transaction))
    }

    private static func generation(_ id: GenerationID, in transaction: ViewTransaction) throws -> GenerationRecord {
        guard let row = try transaction.row(AuditQuery.generation.rawValue, [.text(id.description)]),
            let record = try GenerationRecord(try transaction.entry(try row.integer("entry")))
        else { throw damaged("no entry made \(id)") }
        return record
    }

    private static func damaged(_ detail: String) -> LedgerError { .falseView("the view audit", detail: detail) }
}
