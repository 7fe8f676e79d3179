/// What is asked of the view, as SQL.
enum SlotQuery: String, CaseIterable {
    case stack = "SELECT * FROM slot_stack WHERE slot = ? ORDER BY depth DESC LIMIT ?"
    case places = "SELECT * FROM slot_stack WHERE slot = ? AND depth < ? ORDER BY depth DESC LIMIT ?"
    case place = """
        SELECT * FROM slot_stack WHERE slot = ? AND generation = ? AND depth < ? ORDER BY depth DESC LIMIT 1
        """
    /// No rollback takes the lowest place, so every slot that was ever moved has one.
    case slots = "SELECT slot FROM slot_stack WHERE depth = 1 ORDER BY slot"
    case history = "SELECT generation FROM slot_moves WHERE slot = ? ORDER BY entry DESC LIMIT ?"
    /// What a slot holds came there by its latest move, also where that brought it back.
    case latestMove = "SELECT entry, time FROM slot_moves WHERE slot = ? ORDER BY entry DESC LIMIT 1"
    case arrival = "SELECT * FROM slot_moves WHERE slot = ? AND image = ? ORDER BY entry LIMIT 1"
    case openGlass = "SELECT entry, slot FROM slot_glass WHERE closed_by IS NULL ORDER BY entry, slot"
    case glass = "SELECT entry, closed_by FROM slot_glass WHERE slot = ? AND entry = ?"
    case birth = "SELECT entry FROM image_births WHERE image = ?"
}
