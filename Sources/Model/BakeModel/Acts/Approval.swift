/// Somebody signed that a generation may enter an environment.
public struct Approval: RecordedAct {
    public static let kind = "approval"

    /// The slot.
    public let slot: Slot
    /// The image.
    public let image: Digest
    /// What was signed, and by whom.
    public let signed: SignedStatement

    /// Takes a statement about one slot; nil for every other.
    public init?(_ signed: SignedStatement) {
        guard signed.statement.action == .approve, signed.statement.targets.count == 1,
            let target = signed.statement.targets.first, let slot = target.slot
        else { return nil }
        self.slot = slot
        image = target.image
        self.signed = signed
    }

    public var subjects: [Subject] { [.approvals(slot)] }
    public var body: JSON { ["signed": signed.json] }
    public init?(body: JSON) {
        guard let signed = body["signed"].flatMap(SignedStatement.init) else { return nil }
        self.init(signed)
    }
}
