import LinuxSystem

/// What is done and what waits, shared by the engine's threads.
final class StageBoard<Value: StageValue>: Sendable {
    private struct State {
        var readiness: Readiness
        var queue = PriorityQueue<Turn>()
        var settled: [StageOutcome<Value>?]
        var begun = 0
        var stopped = false

        /// Whether no other node will begin.
        var hasEnded: Bool { stopped || begun == settled.count }
    }

    private let state: Monitor<State>
    private let graph: StageGraph<Value>
    private let weights: [Int64]
    private let observe: @Sendable (StageEvent<Value>) -> Void

    init(
        _ graph: StageGraph<Value>, schedule: StageSchedule, observe: @escaping @Sendable (StageEvent<Value>) -> Void
    ) {
        self.graph = graph
        self.observe = observe
        let weights = schedule.weights
        self.weights = weights
        var state = State(
            readiness: Readiness(needs: graph.needs), settled: Array(repeating: nil, count: graph.nodes.count))
        for node in state.readiness.first { state.queue.push(Turn(weight: weights[node], node: node)) }
        self.state = Monitor(state)
    }

    /// The place of the next node whose needs are there, and their results: of several the one with the longest way to
    /// the end. Nil when nothing will come any more.
    func next() -> (place: Int, inputs: [String: Value])? {
        state.wait(until: { $0.hasEnded || !$0.queue.isEmpty }) { state in
            guard !state.hasEnded, let place = state.queue.pop()?.node else { return nil }
            state.begun += 1
            let inputs = graph.needs[place].compactMap { need in
                state.settled[need]?.value.map { (graph.nodes[need].id, $0) }
            }
            return (place, Dictionary(inputs, uniquingKeysWith: { $1 }))
        }
    }

    /// Takes a node's outcome; a failure stops everything that has not begun.
    func settle(_ place: Int, _ outcome: StageOutcome<Value>) {
        state.withLock { state in
            state.settled[place] = outcome
            if outcome.error == nil {
                for node in state.readiness.finish(place) { state.queue.push(Turn(weight: weights[node], node: node)) }
            } else {
                state.stopped = true
            }
            observe(.settled(outcome))
        }
    }

    /// Tells the observer, one thread at a time.
    func announce(_ event: StageEvent<Value>) { state.withLock { _ in observe(event) } }

    /// What became of each node; those that never began are skipped.
    var outcomes: [StageOutcome<Value>] {
        let settled = state.withLock { $0.settled }
        return zip(graph.nodes, settled).map { node, outcome in outcome ?? .skipped(node) }
    }
}
