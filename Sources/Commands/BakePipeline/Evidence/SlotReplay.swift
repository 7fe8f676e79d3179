import BakeModel

/// The slots as the entries say, one after the other, and whether each move could be one that bake makes: whoever writes to
/// the ledger himself is held to the same rules.
struct SlotReplay {
    private(set) var findings: [StoreVerification.Finding] = []
    private var policy = Policy.empty
    private var images: [GenerationID: Digest] = [:]
    private var stacks: [Slot: [GenerationID]] = [:]
    private var held: [Slot: Set<Digest>] = [:]
    private var rejected: Set<Digest> = []
    private var freezes: [SlotFreeze.Scope: SlotFreeze] = [:]

    /// What says nothing of who or what may come. A member that is not here may be a gate.
    private static let harmless: Set<String> = ["name", "auto", "keep", "retain"]

    /// Looks at the next entry.
    mutating func take(_ entry: Entry) throws {
        if let applied = try PolicyApplied(entry) { policy = applied.policy }
        if let record = try GenerationRecord(entry) { images[record.id] = record.image }
        if let rejection = try Rejection(entry) { rejected.insert(rejection.image) }
        if let freeze = try SlotFreeze(entry) { freezes[freeze.scope] = freeze.isFrozen ? freeze : nil }
        for move in try SlotMove.all(of: entry) { apply(move, entry) }
    }

    /// Whether the policy in force makes such a move behind every bake that passes, with a key or without: then whoever
    /// may bake may cause it, and a signature would prove no more. Asked before the entry is taken.
    func isOrdered(_ move: SlotMove, _ entry: Entry) -> Bool {
        guard move.isAutomatic, move.direction == .promote, move.brokenGlass == nil, move.policy == policy.digest,
            policy.automatic(for: move.slot.pipeline).contains(move.slot.environment),
            let rules = policy.environment(move.slot.environment)?.json.members
        else { return false }
        return Self.harmless.isSuperset(of: rules.keys) && !move.to.isDraft && !rejected.contains(move.image)
            && held[move.slot]?.contains(move.image) != true && !isFrozen(move.slot, at: entry.time)
    }

    private func isFrozen(_ slot: Slot, at time: Timestamp) -> Bool {
        [.slot(slot), .environment(slot.environment), .all].compactMap { freezes[$0] }
            .contains { $0.until.map { time < $0 } ?? true }
    }

    private mutating func apply(_ move: SlotMove, _ entry: Entry) {
        var stack = stacks[move.slot] ?? []
        if images[move.to] != move.image { note(entry, "no entry before it made \(move.to) of that image") }
        if stack.last != move.from {
            note(
                entry, "it says that \(move.slot) held \(Self.name(move.from)), and that held \(Self.name(stack.last))")
        }
        // Not even past broken glass, nor back.
        if rejected.contains(move.image) { note(entry, "\(move.to) was rejected before") }
        switch move.direction {
        case .promote: stack.append(move.to)
        case .rollback:
            if let place = stack.dropLast().lastIndex(of: move.to) {
                stack.removeSubrange((place + 1)...)
            } else {
                note(entry, "it rolls \(move.slot) back to \(move.to), which does not lie below")
            }
        }
        stacks[move.slot] = stack
        held[move.slot, default: []].insert(move.image)
    }

    private static func name(_ generation: GenerationID?) -> String { generation?.description ?? "nothing" }

    private mutating func note(_ entry: Entry, _ explanation: String) {
        findings.append(StoreVerification.Finding(entry: entry.sequence, kind: "move", explanation: explanation))
    }
}
