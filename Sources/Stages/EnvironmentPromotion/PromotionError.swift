import BakeModel

/// Why a slot was not moved.
public enum PromotionError: ExplainedError, Hashable {
    /// Gates are not met; all that were asked are here.
    case refused(GenerationID, Slot, gates: [SlotMove.Gate])
    /// The generation is older than what the slot holds; `isBelow` where a rollback would reach it.
    case ancestor(GenerationID, of: GenerationID, Slot, isBelow: Bool)
    /// No policy names the environment.
    case unknownEnvironment(EnvironmentName, known: [EnvironmentName])
    /// Nothing was ever promoted there.
    case emptySlot(Slot)
    /// Nothing lies below what the slot holds, or not the named generation.
    case nothingBelow(Slot, GenerationID, GenerationID?)

    public var doing: String {
        switch self {
        case .refused, .ancestor: "promote"
        case .unknownEnvironment: "find the environment"
        case .emptySlot, .nothingBelow: "roll back"
        }
    }

    public var subject: String {
        switch self {
        case .refused(let generation, let slot, _), .ancestor(let generation, _, let slot, _):
            "\(generation) to \(slot)"
        case .unknownEnvironment(let environment, _): environment.text
        case .emptySlot(let slot), .nothingBelow(let slot, _, _): slot.description
        }
    }

    public var reason: String {
        switch self {
        case .refused(_, _, let gates):
            gates.filter { !$0.isMet }.map { "\($0.name): \($0.explanation)" }.joined(separator: "; ")
        case .ancestor(_, let current, _, _): "it is older than \(current), which is there"
        case .unknownEnvironment(_, let known):
            known.isEmpty
                ? "the store has no environments yet"
                : "the policy names \(known.map(\.text).joined(separator: ", "))"
        case .emptySlot: "nothing was ever promoted there"
        case .nothingBelow(_, let current, let target):
            target.map { "\($0) is not below \(current) in its stack" } ?? "nothing lies below \(current)"
        }
    }

    public var hint: String? {
        switch self {
        case .refused(_, _, let gates): gates.first { !$0.isMet }?.command
        case .ancestor(let generation, _, let slot, true): "bake rollback \(slot) \(generation)"
        case .unknownEnvironment(let name, let known):
            known.isEmpty
                ? "bake env apply FILE"
                : Spelling.closest(to: name.text, in: known.map(\.text)).map { "did you mean \($0)?" }
        case .ancestor, .emptySlot, .nothingBelow: nil
        }
    }

    public var exit: ExitCode {
        switch self {
        case .refused, .ancestor: .refused
        case .unknownEnvironment, .emptySlot, .nothingBelow: .notFound
        }
    }
}
