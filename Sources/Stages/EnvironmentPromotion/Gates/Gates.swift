import BakeModel

/// What a promotion must pass, asked all at once.
enum Gates {
    private static let all: [@Sendable (PromotionSituation) -> SlotMove.Gate?] = [
        RejectionGate.ask, DraftGate.ask, AfterGate.ask, TestsGate.ask, SoakGate.ask, SpecGate.ask, RebakedGate.ask,
        ProvenanceGate.ask, ApprovalGate.ask, WindowsGate.ask, ReasonGate.ask, FreezeGate.ask, ClockGate.ask,
    ]

    /// Those that the ledger alone answers: not who signed, which takes keys, nor who wrote, which takes commits.
    private static let ofLedger: [@Sendable (PromotionSituation) -> SlotMove.Gate?] = [
        RejectionGate.ask, DraftGate.ask, AfterGate.ask, TestsGate.ask, SoakGate.ask, SpecGate.ask, RebakedGate.ask,
        WindowsGate.ask, ReasonGate.ask, FreezeGate.ask, ClockGate.ask,
    ]

    static func ask(_ situation: PromotionSituation) -> [SlotMove.Gate] { all.compactMap { $0(situation) } }

    static func askLedger(_ situation: PromotionSituation) -> [SlotMove.Gate] { ofLedger.compactMap { $0(situation) } }
}
