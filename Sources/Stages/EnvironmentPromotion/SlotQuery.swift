/// What is asked of the view, as SQL.
enum SlotQuery: String, CaseIterable {
    case stack = "SELECT * FROM slot_stack WHERE slot = ? ORDER BY depth DESC LIMIT ?"
    /// No rollback takes the lowest place, so every slot that was ever moved has one.
    case slots = "SELECT slot FROM slot_stack WHERE depth = 1 ORDER BY slot"
    case freeze = "SELECT reason FROM slot_freezes WHERE slot = ?"
    case history = "SELECT generation FROM slot_moves WHERE slot = ? ORDER BY entry DESC LIMIT ?"
    case arrival = "SELECT time FROM slot_moves WHERE slot = ? AND image = ? ORDER BY entry LIMIT 1"
    case policy = "SELECT max(entry) AS entry FROM policies"
}
