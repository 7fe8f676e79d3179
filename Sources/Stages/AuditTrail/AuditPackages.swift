import BakeModel
import LedgerDatabase

/// From when to when a slot had the packages of one list, whatever generations they came with: a row for each change of the
/// packages, not for each move.
struct AuditPackages {
    private let transaction: ViewTransaction

    init(_ transaction: ViewTransaction) { self.transaction = transaction }

    /// Notes what a move changes. Called before the move's own span is noted.
    func follow(_ move: SlotMove, _ entry: Entry) throws {
        let slot = LedgerValue.text(move.slot.description)
        let generation = LedgerValue.text(move.to.description)
        let list = try transaction.row(
            "SELECT packages FROM audit_generations WHERE generation = ?", [generation])?["packages"].text
        if let list { try countPromoted(generation, list) }
        let open = try transaction.row("SELECT * FROM audit_package_spans WHERE slot = ? AND until IS NULL", [slot])
        if let open, try open.text("list") == list {
            try transaction.execute(
                "UPDATE audit_package_spans SET last = ? WHERE list = ? AND slot = ? AND entry = ?",
                [generation, open["list"], slot, open["entry"]])
            return
        }
        let (number, time) = (LedgerValue.integer(entry.sequence), LedgerValue.integer(entry.time.milliseconds))
        try transaction.execute(
            "UPDATE audit_package_spans SET until = ?, ended_by = ? WHERE slot = ? AND until IS NULL",
            [time, number, slot])
        guard let list else { return }
        try transaction.execute(
            "INSERT INTO audit_package_spans VALUES (?, ?, ?, ?, NULL, NULL, ?, ?)",
            [.text(list), slot, number, time, generation, generation])
    }

    private func countPromoted(_ generation: LedgerValue, _ list: String) throws {
        let earlier = try transaction.row("SELECT entry FROM audit_spans WHERE generation = ? LIMIT 1", [generation])
        guard earlier == nil else { return }
        try transaction.execute(
            "UPDATE audit_package_lists SET promoted = promoted + 1 WHERE list = ?", [.text(list)])
    }
}
