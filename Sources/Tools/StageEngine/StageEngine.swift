import BakeModel
import Foundation
import LinuxSystem

/// Runs a graph: what is cached is taken, what is independent runs at once, what fails stops what has not begun.
public struct StageEngine: Sendable {
    /// Where results are kept.
    public let cache: StageCache
    /// What the names of this graph's nodes begin with in the cache, so that two pipelines do not share a last key.
    public let scope: String
    /// How many nodes run at once.
    public let jobs: Int
    /// Milliseconds that only grow, for durations.
    public let ticks: @Sendable () -> Int64

    /// Describes an engine.
    public init(cache: StageCache, scope: String, jobs: Int, ticks: @escaping @Sendable () -> Int64) {
        self.cache = cache
        self.scope = scope
        self.jobs = max(1, jobs)
        self.ticks = ticks
    }

    /// Runs a graph to its end and tells what became of each node, in the graph's order.
    /// - Parameter observe: called as things happen, by one thread at a time.
    public func run<Value: StageValue>(
        _ graph: StageGraph<Value>, observe: @escaping @Sendable (StageEvent<Value>) -> Void = { _ in }
    ) -> [StageOutcome<Value>] {
        let board = StageBoard(graph, observe: observe)
        let workers = (0..<min(jobs, graph.nodes.count)).map { _ in
            Worker { while let (node, inputs) = board.next() { board.settle(settle(node, inputs, board)) } }
        }
        for worker in workers { try? worker.result() }
        return board.outcomes
    }

    private func settle<Value: StageValue>(
        _ node: StageNode<Value>, _ inputs: [String: Value], _ board: StageBoard<Value>
    ) -> StageOutcome<Value> {
        let start = ticks()
        var digest: Digest?
        var why = ""
        func outcome(_ state: StageOutcome<Value>.State) -> StageOutcome<Value> {
            StageOutcome(id: node.id, state: state, why: why, milliseconds: ticks() - start, key: digest)
        }
        do {
            guard let key = try node.key(inputs) else {
                board.announce(.started(id: node.id, why: ""))
                return outcome(.ran(try node.work(inputs)))
            }
            digest = key.digest
            let lock = try cache.lock(key)
            defer { withExtendedLifetime(lock) {} }
            let name = "\(scope)/\(node.id)"
            if let value = cache.value(for: key, as: Value.self), node.holds(value) {
                try cache.remember(key, of: name)
                return outcome(.cached(value))
            }
            why = Self.why(key, after: cache.lastKey(of: name))
            board.announce(.started(id: node.id, why: why))
            let value = try node.work(inputs)
            try cache.keep(value, for: key)
            try cache.remember(key, of: name)
            return outcome(.ran(value))
        } catch {
            return outcome(.failed(error))
        }
    }

    static func why(_ key: StageKey, after last: StageKey?) -> String {
        guard let last else { return "first time" }
        let differences = key.differences(from: last)
        guard let first = differences.first else { return "its result is no longer kept" }
        let verb = first.hasSuffix("is new") || first.hasSuffix("is gone") ? first : "\(first) changed"
        return differences.count == 1 ? verb : "\(verb) and \(differences.count - 1) more"
    }
}
