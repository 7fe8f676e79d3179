import BakeModel

/// What a promotion must pass, asked all at once.
enum Gates {
    private typealias Ask = @Sendable (PromotionSituation) -> SlotMove.Gate?

    /// In the order in which they are told. The ledger alone does not answer who approved, which takes keys of people, nor who
    /// wrote, which takes commits; the keys of builders stand in the policy.
    private static let all: [(ask: Ask, isOfLedger: Bool)] = [
        (RejectionGate.ask, true), (DraftGate.ask, true), (AfterGate.ask, true), (TestsGate.ask, true),
        (SoakGate.ask, true), (SpecGate.ask, true), (RebakedGate.ask, true), (ProvenanceGate.ask, true),
        (ApprovalGate.ask, false), (WindowsGate.ask, true), (ReasonGate.ask, true), (FreezeGate.ask, true),
        (ClockGate.ask, true),
    ]

    /// Those that are unmet however long one waits: by the image, or by the words of whoever asks.
    fileprivate static let lasting: Set = [RejectionGate.name, DraftGate.name, ReasonGate.name]

    static func ask(_ situation: PromotionSituation) -> [SlotMove.Gate] { all.compactMap { $0.ask(situation) } }

    /// Those that the ledger alone answers.
    static func askLedger(_ situation: PromotionSituation) -> [SlotMove.Gate] {
        all.filter(\.isOfLedger).compactMap { $0.ask(situation) }
    }
}

extension SlotMove {
    /// Whether time or other people can meet what is unmet, as far as is known.
    public var canBeMetLater: Bool {
        let unmet = gates.filter { !$0.isMet }
        return unmet.contains { $0.opens != nil || $0.command != nil }
            && unmet.allSatisfy { !Gates.lasting.contains($0.name) }
    }
}
