import BakeModel
import EnvironmentPromotion
import GenerationLog

/// Why the images of generations stay: slots and their windows, pins, each pipeline's newest, what is young, and what
/// those were made from.
struct ImageReasons {
    private let store: BakeStore
    private let rules: CollectionRules
    private let now: Timestamp
    /// Every reason, by generation; none for those that nothing keeps.
    private(set) var reasons: [GenerationID: [String]] = [:]
    /// The generations that only their age keeps.
    private(set) var onlyYoung: Set<GenerationID> = []

    /// Finds out what keeps which of these.
    init(of generations: [GenerationLog.Found], in store: BakeStore, rules: CollectionRules, now: Timestamp) throws {
        self.store = store
        self.rules = rules
        self.now = now
        try addSlots()
        try addPins()
        for pipeline in try store.generations.pipelines() {
            if let newest = try store.generations.newest(pipeline) { add("the newest", newest.record.id) }
        }
        addYoung(generations)
        addBases(generations)
    }

    private mutating func add(_ reason: String, _ generation: GenerationID) {
        reasons[generation, default: []].append(reason)
    }

    private mutating func addSlots() throws {
        for state in try store.promotion.slots(depth: 1) {
            let environment = state.slot.environment.text
            if let head = state.current { add("in \(environment)", head.generation) }
            if let below = try store.rollbackTarget(of: state.slot) {
                add("where a rollback of \(environment) goes", below)
            }
            let policy = try store.promotion.policy().environment(state.slot.environment)
            try addWindow(of: state.slot, policy?.keep ?? rules.window)
            if let retain = policy?.retain { try addRetained(in: state.slot, retain) }
        }
    }

    /// The images that were promoted last, each once.
    private mutating func addWindow(of slot: Slot, _ window: Int) throws {
        var seen: [GenerationID] = []
        for generation in try store.promotion.history(of: slot, limit: .max) where !seen.contains(generation) {
            guard seen.count < window else { return }
            seen.append(generation)
            if seen.count > 1 { add("\(seen.count) of the last \(window) in \(slot.environment)", generation) }
        }
    }

    /// The images that were here in the time that the policy names.
    private mutating func addRetained(in slot: Slot, _ retain: TimeSpan) throws {
        for span in try store.audit.timeline(of: slot) {
            guard let until = span.until, until.milliseconds > now.milliseconds - retain.milliseconds else { continue }
            add("was in \(slot.environment) in the last \(retain)", span.generation.id)
        }
    }

    private mutating func addPins() throws {
        for pin in try store.generations.pins() where pin.until.map({ $0 > now }) ?? true {
            let end = pin.until.map { " until \($0)" } ?? ""
            add("pinned\(end)\(pin.reason.map { ": \($0)" } ?? "")", pin.generation)
        }
    }

    private mutating func addYoung(_ generations: [GenerationLog.Found]) {
        for found in generations where found.entry.time.seconds > now.seconds - rules.age {
            if reasons[found.record.id] == nil { onlyYoung.insert(found.record.id) }
            add("younger than \(Span.text(seconds: rules.age))", found.record.id)
        }
    }

    /// What a kept image was made from is needed to make it again.
    private mutating func addBases(_ generations: [GenerationLog.Found]) {
        let records = Dictionary(generations.map { ($0.record.id, $0.record) }) { $1 }
        var open = Array(reasons.keys)
        while let child = open.popLast() {
            for base in records[child]?.bases ?? [] {
                if reasons[base.generation] == nil { open.append(base.generation) }
                onlyYoung.remove(base.generation)
                add("below \(child)", base.generation)
            }
        }
    }
}

/// A length of time in words.
enum Span {
    static func text(seconds: Int64) -> String {
        for (length, name) in [(86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")] as [(Int64, String)]
        where seconds % length == 0 && (seconds > 0 || length == 1) {
            return "\(seconds / length) \(name)\(seconds / length == 1 ? "" : "s")"
        }
        return "\(seconds) seconds"
    }
}
