/// What is asked of the view, as SQL.
enum AuditQuery: String, CaseIterable {
    /// Several moves in one millisecond: the latest is what the slot held at its end.
    case slotAtTime = "SELECT * FROM audit_spans WHERE slot = ? AND since <= ? ORDER BY since DESC, entry DESC LIMIT 1"
    case slot = "SELECT * FROM audit_spans WHERE slot = ? ORDER BY entry"
    case image = "SELECT * FROM audit_spans WHERE image = ? ORDER BY entry"
    case commit = "SELECT * FROM audit_spans WHERE commit_id = ? ORDER BY entry"
    /// "g" comes behind every hexadecimal digit.
    case commitPrefix = """
        SELECT * FROM audit_spans WHERE commit_id >= ? AND commit_id < ?
        """
    case latestOfSlot = "SELECT * FROM audit_spans WHERE slot = ? ORDER BY entry DESC LIMIT ?"
    case spansOfGeneration = "SELECT * FROM audit_spans WHERE generation = ? ORDER BY entry"
    case packageLists = "SELECT * FROM audit_package_lists WHERE list > ''"
    case unlisted = "SELECT generation FROM audit_generations WHERE packages IS NULL AND generation > '' LIMIT 1"
    case packageSpans = "SELECT * FROM audit_package_spans WHERE list = ?"
    /// What was rejected and is still there. Few slots are, many images were: CROSS JOIN keeps that order.
    case rejected = """
        SELECT audit_spans.* FROM audit_spans INDEXED BY audit_spans_open CROSS JOIN audit_rejections USING (image)
        WHERE until IS NULL
        """
    case acts = "SELECT entry FROM audit_acts WHERE name = ? ORDER BY entry DESC LIMIT ?"
    case generation = "SELECT entry FROM audit_generations WHERE generation = ?"
    /// A slot that ever held something holds something still.
    case slots = "SELECT slot FROM audit_spans WHERE until IS NULL ORDER BY slot"
}
