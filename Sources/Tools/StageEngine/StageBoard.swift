import Foundation

/// What is done and what waits, shared by the engine's threads.
final class StageBoard<Value: StageValue>: @unchecked Sendable {
    // NSCondition guards everything below; no raw pointer is shared.
    private let condition = NSCondition()
    private let graph: StageGraph<Value>
    private let observe: @Sendable (StageEvent<Value>) -> Void
    private var waiting: [StageNode<Value>]
    private var settled: [String: StageOutcome<Value>] = [:]
    private var stopped = false

    init(_ graph: StageGraph<Value>, observe: @escaping @Sendable (StageEvent<Value>) -> Void) {
        self.graph = graph
        self.observe = observe
        waiting = graph.nodes
    }

    /// The next node whose needs are there, with their results; nil when nothing will come any more.
    func next() -> (StageNode<Value>, [String: Value])? {
        condition.lock()
        defer { condition.unlock() }
        while !stopped, !waiting.isEmpty {
            if let index = waiting.firstIndex(where: { $0.needs.allSatisfy { settled[$0] != nil } }) {
                let node = waiting.remove(at: index)
                let inputs = node.needs.compactMap { id in settled[id]?.value.map { (id, $0) } }
                return (node, Dictionary(inputs, uniquingKeysWith: { $1 }))
            }
            condition.wait()
        }
        return nil
    }

    /// Takes a node's outcome; a failure stops everything that has not begun.
    func settle(_ outcome: StageOutcome<Value>) {
        condition.lock()
        defer { condition.unlock() }
        settled[outcome.id] = outcome
        if outcome.error != nil { stopped = true }
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
        return graph.nodes.map { node in
            settled[node.id] ?? StageOutcome(id: node.id, state: .skipped, why: "", milliseconds: 0, key: nil)
        }
    }
}
