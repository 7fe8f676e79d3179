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
    /// All of them, as few as they are: of environments, of everything ("environments"), of slots.
    case freezes = "SELECT entry FROM slot_freezes WHERE scope >= 'environment' ORDER BY scope"
    case history = "SELECT generation FROM slot_moves WHERE slot = ? ORDER BY entry DESC LIMIT ?"
    /// What a slot holds came there by its latest move, also where that brought it back.
    case latestMove = "SELECT entry, time FROM slot_moves WHERE slot = ? ORDER BY entry DESC LIMIT 1"
    case arrival = "SELECT * FROM slot_moves WHERE slot = ? AND image = ? ORDER BY entry LIMIT 1"
    /// Each time that an image came to a slot, with the move that followed.
    case stays = """
        SELECT came.entry, came.time, next.entry AS next, next.promoted, next.image AS next_image
        FROM slot_moves AS came LEFT JOIN slot_moves AS next ON next.slot = came.slot AND next.entry =
            (SELECT min(entry) FROM slot_moves WHERE slot = came.slot AND entry > came.entry)
        WHERE came.slot = ? AND came.image = ? ORDER BY came.entry
        """
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
    case correction = "SELECT entry, min(time) AS time FROM clock_corrections WHERE entry > ?"
    case corrections = "SELECT entry FROM clock_corrections WHERE entry <= ? ORDER BY entry"
    case policies = "SELECT entry FROM policies WHERE entry <= ? ORDER BY entry"
    case policyBefore = "SELECT max(entry) AS entry FROM policies WHERE entry < ?"
    case policy = "SELECT max(entry) AS entry FROM policies"
}
