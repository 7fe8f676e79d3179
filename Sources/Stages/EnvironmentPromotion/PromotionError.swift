import BakeModel

/// Why a slot was not moved.
public indirect enum PromotionError: ExplainedError, Hashable {
    /// Gates are not met; the move that was asked for has all that were asked.
    case refused(SlotMove)
    /// Several generations were to move together: why some may not, and what could have moved without them.
    case several([PromotionError], held: [SlotMove])
    /// The generation is older than what the slot holds; `isBelow` where a rollback would reach it.
    case ancestor(GenerationID, of: GenerationID, Slot, isBelow: Bool)
    /// Two generations of one pipeline were to enter one slot.
    case samePipeline(PipelineName)
    /// No policy names the environment.
    case unknownEnvironment(EnvironmentName, known: [EnvironmentName])
    /// Nothing was ever promoted there.
    case emptySlot(Slot)
    /// Nothing lies below what the slot holds, or not the named generation.
    case nothingBelow(Slot, GenerationID, GenerationID?)
    /// What lies below is rejected; and where a rollback would go that names nothing, nil where nowhere.
    case rejectedTarget(GenerationID, Slot, entry: Int64, next: GenerationID?)
    /// The image of what lies below was given up.
    case collectedTarget(GenerationID, Slot, entry: Int64)
    /// What came to the slot together with another cannot go back together with it; why, and where the slot itself goes.
    case jointTarget(Slot, to: GenerationID, PromotionError)
    /// A freeze would be over before it begins.
    case pastEnd(SlotFreeze.Scope, Timestamp)
    /// It is frozen for longer already, or for good.
    case frozenLonger(SlotFreeze.Scope, until: Timestamp?)

    public var doing: String {
        switch self {
        case .refused, .several, .ancestor, .samePipeline: "promote"
        case .unknownEnvironment: "find the environment"
        case .emptySlot, .nothingBelow, .rejectedTarget, .collectedTarget, .jointTarget: "roll back"
        case .pastEnd, .frozenLonger: "freeze"
        }
    }

    public var subject: String {
        switch self {
        case .refused(let move): "\(move.to) to \(move.slot)"
        case .several(let errors, _): errors.map(\.subject).joined(separator: ", ")
        case .ancestor(let generation, _, let slot, _): "\(generation) to \(slot)"
        case .samePipeline(let pipeline): pipeline.text
        case .unknownEnvironment(let environment, _): environment.text
        case .emptySlot(let slot), .nothingBelow(let slot, _, _), .rejectedTarget(_, let slot, _, _),
            .collectedTarget(_, let slot, _), .jointTarget(let slot, _, _):
            slot.description
        case .pastEnd(let scope, _), .frozenLonger(let scope, _): scope.description
        }
    }

    public var reason: String {
        switch self {
        case .refused(let move):
            move.gates.filter { !$0.isMet }.map { "\($0.name): \($0.explanation)" }.joined(separator: "; ")
        case .several(let errors, _): errors.map { "\($0.subject): \($0.reason)" }.joined(separator: "; ")
        case .ancestor(_, let current, _, _): "it is older than \(current), which is there"
        case .samePipeline: "two generations of one pipeline cannot enter one slot"
        case .unknownEnvironment(_, let known):
            known.isEmpty
                ? "the store has no environments yet"
                : "the policy names \(known.map(\.text).joined(separator: ", "))"
        case .emptySlot: "nothing was ever promoted there"
        case .nothingBelow(_, let current, let target):
            target.map { "\($0) is not below \(current) in its stack" } ?? "nothing lies below \(current)"
        case .rejectedTarget(let target, _, let entry, _): "\(target) was rejected in entry \(entry)"
        case .collectedTarget(let target, _, let entry): "the image of \(target) was collected in entry \(entry)"
        case .jointTarget(_, _, let other): "\(other.subject) came with it and cannot go back: \(other.reason)"
        case .pastEnd(_, let until): "\(until) is over"
        case .frozenLonger(_, let until): "it is frozen \(until.map { "until \($0)" } ?? "for good") already"
        }
    }

    public var hint: String? {
        switch self {
        case .refused(let move): move.gates.first { !$0.isMet }?.command
        case .several(let errors, _): errors.lazy.compactMap(\.hint).first
        case .ancestor(let generation, _, let slot, true): "bake rollback \(slot) \(generation)"
        case .ancestor(let generation, _, let slot, false):
            "bake rollback \(slot) takes back what is newer; then bake promote \(generation) \(slot.environment)"
        case .unknownEnvironment(let name, let known):
            known.isEmpty
                ? "bake env apply FILE"
                : Spelling.closest(to: name.text, in: known.map(\.text)).map { "did you mean \($0)?" }
        case .rejectedTarget(_, let slot, _, let next?): "\(next) is the next one down: bake rollback \(slot)"
        case .jointTarget(let slot, let target, _): "this slot alone: bake rollback \(slot) \(target)"
        case .collectedTarget(let target, _, _): "make the same bytes again: bake rebake \(target)"
        case .nothingBelow(let slot, _, nil), .rejectedTarget(_, let slot, _, nil):
            "bring another generation there: bake promote GENERATION \(slot.environment)"
        case .frozenLonger(let scope, _): "to shorten that: \(scope.thaw), then freeze again"
        case .samePipeline, .emptySlot, .nothingBelow, .pastEnd: nil
        }
    }

    public var exit: ExitCode {
        switch self {
        case .refused, .several, .ancestor, .rejectedTarget: .refused
        case .unknownEnvironment, .emptySlot, .nothingBelow, .collectedTarget: .notFound
        case .jointTarget(_, _, let other): other.exit
        case .samePipeline, .pastEnd, .frozenLonger: .usage
        }
    }

    /// When all that is unmet will be met by itself; nil where that is not known.
    public var opens: Timestamp? {
        switch self {
        case .refused(let move):
            let unmet = move.gates.filter { !$0.isMet }
            return unmet.contains { $0.opens == nil } ? nil : unmet.compactMap(\.opens).max()
        case .several(let errors, _):
            return errors.contains { $0.opens == nil } ? nil : errors.compactMap(\.opens).max()
        default: return nil
        }
    }
}
