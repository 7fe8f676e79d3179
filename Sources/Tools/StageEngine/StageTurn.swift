import BakeModel
import LinuxSystem

/// One node's turn in a run: its result is taken from the cache, or made and kept.
struct StageTurn<Value: StageValue> {
    let engine: StageEngine
    let node: StageNode<Value>
    let inputs: [String: Value]
    /// What is known of its last run.
    let last: StageCache.LastRun?
    /// The ticks at which the run began.
    let runStart: Int64

    /// What is being found out about the node.
    private struct Progress {
        var begin: Int64
        var key: StageKey?
        /// The key's digest, which may be known without the key.
        var digest: Digest?
        var why = ""
    }

    func settle(announce: (StageEvent<Value>) -> Void) -> StageOutcome<Value> {
        var progress = Progress(begin: engine.ticks())
        do {
            return outcome(try work(&progress, announce), progress)
        } catch {
            // What went in is kept without a result, for the question why it ran.
            if let key = progress.key { try? engine.cache.note(key) }
            return outcome(.failed(error), progress)
        }
    }

    private func work(
        _ progress: inout Progress, _ announce: (StageEvent<Value>) -> Void
    ) throws -> StageOutcome<Value>.State {
        let isForced = engine.fresh.contains(node.id)
        if !isForced, let kept = try engine.cache.kept(of: node, inputs) {
            progress.digest = kept.key
            try remember(kept.key, kept.milliseconds)
            return .cached(kept.value)
        }
        guard let key = try node.key(inputs) else {
            announce(.started(id: node.id, why: "", expected: last?.milliseconds))
            return .ran(try node.work(inputs))
        }
        progress.key = key
        progress.digest = key.digest
        let lock = try lock(key, announce)
        defer { withExtendedLifetime(lock) {} }
        progress.begin = engine.ticks()
        if let shorthand = try node.shorthand(inputs) { try engine.cache.note(shorthand, of: key.digest) }
        if !isForced, let kept = engine.cache.result(for: key.digest, as: Value.self), node.holds(kept.value) {
            try remember(key.digest, kept.milliseconds)
            return .cached(kept.value)
        }
        progress.why = isForced ? RunReason.forced : RunReason.text(key, after: last, in: engine.cache)
        announce(.started(id: node.id, why: progress.why, expected: last?.milliseconds))
        let value = try node.work(inputs)
        let milliseconds = engine.ticks() - progress.begin
        try engine.cache.keep(value, milliseconds: milliseconds, for: key)
        try remember(key.digest, milliseconds)
        return .ran(value)
    }

    /// One process at a time makes a result; the others take it from there.
    private func lock(_ key: StageKey, _ announce: (StageEvent<Value>) -> Void) throws -> FileLock {
        if let lock = try engine.cache.lockIfFree(key) { return lock }
        announce(.waiting(id: node.id))
        return try engine.cache.lock(key)
    }

    private func remember(_ key: Digest, _ milliseconds: Int64?) throws {
        let run = StageCache.LastRun(key: key, milliseconds: milliseconds ?? last?.milliseconds)
        if run != last { try engine.cache.remember(run, of: "\(engine.scope)/\(node.id)") }
    }

    private func outcome(_ state: StageOutcome<Value>.State, _ progress: Progress) -> StageOutcome<Value> {
        StageOutcome(
            id: node.id, needs: node.needs, state: state, why: progress.why, start: progress.begin - runStart,
            milliseconds: engine.ticks() - progress.begin, key: progress.digest, earlierKey: last?.key)
    }
}
