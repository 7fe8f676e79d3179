/// Several slots moved as one: all or none, and back together.
public struct JointMove: RecordedAct {
    public static let kind = "joint-move"

    /// The moves, at least two, each of another slot.
    public let moves: [SlotMove]

    /// Joins moves; nil for fewer than two, and where two move one slot.
    public init?(_ moves: [SlotMove]) {
        guard moves.count > 1, Set(moves.map(\.slot)).count == moves.count else { return nil }
        self.moves = moves
    }

    public var subjects: [Subject] { moves.map { .slot($0.slot) } }
    public var body: JSON { ["moves": .array(moves.map(\.body))] }
    public init?(body: JSON) {
        guard let moves = body["moves"]?.all(SlotMove.init(body:)) else { return nil }
        self.init(moves)
    }
}

extension Entry {
    /// Its body; of several moves that are one the first one's, since all have the one reason, signature and broken glass.
    public var sharedBody: JSON { act.body["moves"]?.items?.first ?? act.body }
}

extension SlotMove {
    /// The moves of an entry: one, or those that it joins; none for an entry of another kind.
    /// - Throws: `DamagedEntry`.
    public static func all(of entry: Entry) throws(DamagedEntry) -> [SlotMove] {
        if let move = try SlotMove(entry) { return [move] }
        return try JointMove(entry)?.moves ?? []
    }
}
