/// What is asked of the view, as SQL.
enum SlotQuery: String, CaseIterable {
    case stack = "SELECT * FROM slot_stack WHERE slot = ? ORDER BY depth DESC LIMIT ?"
    case places = "SELECT * FROM slot_stack WHERE slot = ? AND depth < ? ORDER BY depth DESC LIMIT ?"
    case place = """
        SELECT * FROM slot_stack WHERE slot = ? AND generation = ? AND depth < ? ORDER BY depth DESC LIMIT 1
        """
    /// No rollback takes the lowest place, so every slot that was ever moved has one.
    case slots = "SELECT slot FROM slot_stack WHERE depth = 1 ORDER BY slot"
    case freeze = "SELECT entry FROM slot_freezes WHERE scope = ?"
    case history = "SELECT generation FROM slot_moves WHERE slot = ? ORDER BY entry DESC LIMIT ?"
    case arrival = "SELECT entry, time FROM slot_moves WHERE slot = ? AND image = ? ORDER BY entry LIMIT 1"
    /// A promotion uses up what was signed for it.
    case lastPromotion = """
        SELECT entry FROM slot_moves WHERE slot = ? AND image = ? AND promoted = 1 ORDER BY entry DESC LIMIT 1
        """
    case approvals = "SELECT entry FROM slot_approvals WHERE slot = ? AND image = ? ORDER BY entry"
    case slotApprovals = "SELECT entry FROM slot_approvals WHERE slot = ? ORDER BY image, entry"
    case openGlass = "SELECT entry, slot FROM slot_glass WHERE closed_by IS NULL ORDER BY entry, slot"
    case glass = "SELECT entry, closed_by FROM slot_glass WHERE slot = ? AND entry = ?"
    case reviews = "SELECT entry FROM slot_reviews WHERE slot = ? AND move = ? ORDER BY entry"
    case rejection = "SELECT entry FROM image_rejections WHERE image = ?"
    case tests = "SELECT entry FROM image_tests WHERE image = ? ORDER BY entry"
    case rebakes = "SELECT entry FROM image_rebakes WHERE image = ? ORDER BY entry"
    case birth = "SELECT entry FROM image_births WHERE image = ?"
    /// The earliest time that a later correction of the clock names.
    case correction = "SELECT min(time) AS time FROM clock_corrections WHERE entry > ?"
    case policies = "SELECT entry FROM policies WHERE entry <= ? ORDER BY entry"
    case policy = "SELECT max(entry) AS entry FROM policies"
}
