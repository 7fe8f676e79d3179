/// What is asked of the view, as SQL.
enum AuditQuery: String, CaseIterable {
    /// Several moves in one millisecond: the latest is what the slot held at its end.
    case slotAtTime = "SELECT * FROM audit_spans WHERE slot = ? AND since <= ? ORDER BY since DESC, entry DESC LIMIT 1"
    case slot = "SELECT * FROM audit_spans WHERE slot = ? ORDER BY entry"
    case image = "SELECT * FROM audit_spans WHERE image = ? ORDER BY entry"
    case commit = "SELECT * FROM audit_spans WHERE commit_id = ? ORDER BY entry"
    case generation = "SELECT entry FROM audit_generations WHERE generation = ?"
    /// A slot that ever held something holds something still.
    case slots = "SELECT slot FROM audit_spans WHERE until IS NULL ORDER BY slot"
}
