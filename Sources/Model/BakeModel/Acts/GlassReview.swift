/// Somebody signed that they looked at a promotion that was made past its gates.
public struct GlassReview: RecordedAct {
    public static let kind = "review"

    /// The slot that was moved.
    public let slot: Slot
    /// The entry that moved it.
    public let move: Int64
    /// Whether this settles the matter: a second person looked, certainly not the one who broke the glass.
    public let isClosing: Bool
    /// What was signed, and by whom.
    public let signed: SignedStatement

    /// Takes a statement about one slot and the entry that moved it; nil for every other.
    public init?(_ signed: SignedStatement, isClosing: Bool) {
        guard signed.statement.action == .review, let move = signed.statement.entry,
            signed.statement.targets.count == 1, let slot = signed.statement.targets.first?.slot
        else { return nil }
        self.slot = slot
        self.move = move
        self.isClosing = isClosing
        self.signed = signed
    }

    public var subjects: [Subject] { [.approvals(slot)] }
    public var body: JSON { ["closing": .bool(isClosing), "signed": signed.json] }
    public init?(body: JSON) {
        guard let signed = body["signed"].flatMap(SignedStatement.init), let isClosing = body["closing"]?.bool else {
            return nil
        }
        self.init(signed, isClosing: isClosing)
    }
}
