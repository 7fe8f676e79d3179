import BakeModel

extension Entry {
    /// The moves that it made: one, or several as one act; none for an entry of another kind.
    /// - Throws: `DamagedEntry`.
    public func slotMoves() throws(DamagedEntry) -> [SlotMove] {
        if let move = try SlotMove(self) { return [move] }
        guard act.kind == "joint-move" else { return [] }
        return (act.body["moves"]?.items ?? []).compactMap(SlotMove.init(body:))
    }
}
