import BakeModel
import LedgerDatabase

/// What a promotion must pass, asked all at once.
struct Gates {
    private let generation: GenerationRecord
    private let rules: EnvironmentPolicy
    private let slot: Slot
    private let thaw: Bool

    init(_ generation: GenerationRecord, _ rules: EnvironmentPolicy, _ slot: Slot, thaw: Bool) {
        self.generation = generation
        self.rules = rules
        self.slot = slot
        self.thaw = thaw
    }

    func ask(_ state: SlotState, in transaction: ViewTransaction) throws -> [SlotMove.Gate] {
        try [after(in: transaction), open(state)].compactMap(\.self)
    }

    /// `after: staging`: this very image was the head there.
    private func after(in transaction: ViewTransaction) throws -> SlotMove.Gate? {
        guard let earlier = rules.after else { return nil }
        let name = "after \(earlier)"
        let before = Slot(pipeline: slot.pipeline, environment: earlier)
        if let arrival = try EnvironmentPromotion.arrival(of: generation.image, at: before, in: transaction) {
            return SlotMove.Gate(name: name, isMet: true, explanation: "came there \(arrival)")
        }
        return SlotMove.Gate(
            name: name, isMet: false, explanation: "never was in \(earlier)",
            command: "bake promote \(generation.id) \(earlier)")
    }

    private func open(_ state: SlotState) -> SlotMove.Gate? {
        guard let reason = state.freeze else { return nil }
        let why = reason.isEmpty ? "frozen" : "frozen: \(reason)"
        return SlotMove.Gate(
            name: "not frozen", isMet: thaw, explanation: thaw ? "\(why); thawed by this promotion" : why,
            command: thaw ? nil : "bake thaw \(slot)")
    }
}
