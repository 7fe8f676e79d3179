import Foundation

/// What is done and what waits, shared by the engine's threads.
final class StageBoard<Value: StageValue>: @unchecked Sendable {
    // NSCondition guards everything below; no raw pointer is shared.
    private let condition = NSCondition()
    private let graph: StageGraph<Value>
    private let weights: [Int64]
    private let observe: @Sendable (StageEvent<Value>) -> Void
    private var readiness: Readiness
    private var queue = PriorityQueue<Turn>()
    private var settled: [StageOutcome<Value>?]
    private var begun = 0
    private var stopped = false

    init(
        _ graph: StageGraph<Value>, schedule: StageSchedule, observe: @escaping @Sendable (StageEvent<Value>) -> Void
    ) {
        self.graph = graph
        self.observe = observe
        weights = schedule.weights
        readiness = Readiness(needs: graph.needs)
        settled = Array(repeating: nil, count: graph.nodes.count)
        for node in readiness.first { enqueue(node) }
    }

    /// The place of the next node whose needs are there, and their results: of several the one with the longest way to
    /// the end. Nil when nothing will come any more.
    func next() -> (place: Int, inputs: [String: Value])? {
        condition.lock()
        defer { condition.unlock() }
        while !stopped, begun < graph.nodes.count {
            if let place = queue.pop()?.node {
                begun += 1
                let inputs = graph.needs[place].compactMap { need in
                    settled[need]?.value.map { (graph.nodes[need].id, $0) }
                }
                return (place, Dictionary(inputs, uniquingKeysWith: { $1 }))
            }
            condition.wait()
        }
        return nil
    }

    /// Takes a node's outcome; a failure stops everything that has not begun.
    func settle(_ place: Int, _ outcome: StageOutcome<Value>) {
        condition.lock()
        defer { condition.unlock() }
        settled[place] = outcome
        if outcome.error == nil {
            for node in readiness.finish(place) { enqueue(node) }
        } else {
            stopped = true
        }
        observe(.settled(outcome))
        condition.broadcast()
    }

    /// Tells the observer, one thread at a time.
    func announce(_ event: StageEvent<Value>) {
        condition.lock()
        defer { condition.unlock() }
        observe(event)
    }

    /// What became of each node; those that never began are skipped.
    var outcomes: [StageOutcome<Value>] {
        condition.lock()
        defer { condition.unlock() }
        return zip(graph.nodes, settled).map { node, outcome in outcome ?? .skipped(node) }
    }

    private func enqueue(_ node: Int) { queue.push(Turn(weight: weights[node], node: node)) }
}
