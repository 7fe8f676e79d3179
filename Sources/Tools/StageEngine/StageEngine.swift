import BakeModel
import LinuxSystem

/// Runs a graph: what is cached is taken, what is independent runs at once, the longest way to the end first; what fails
/// stops what has not begun, and what runs then is finished and kept.
public struct StageEngine: Sendable {
    /// Where results are kept.
    public let cache: StageCache
    /// What the names of this graph's nodes begin with in the cache, so that two pipelines do not share a last key.
    public let scope: String
    /// How many nodes run at once.
    public let jobs: Int
    /// The nodes that run although their results are there; the new results replace the kept ones.
    public let fresh: Set<String>
    /// Milliseconds that only grow, for durations.
    public let ticks: @Sendable () -> Int64

    /// More threads than this only cost memory.
    private static let mostThreads = 512

    /// Describes an engine.
    public init(
        cache: StageCache, scope: String, jobs: Int, fresh: Set<String> = [], ticks: @escaping @Sendable () -> Int64
    ) {
        self.cache = cache
        self.scope = scope
        self.jobs = max(1, jobs)
        self.fresh = fresh
        self.ticks = ticks
    }

    /// Runs a graph to its end and tells what became of each node, in the graph's order.
    /// - Parameter observe: called as things happen, by one thread at a time.
    public func run<Value: StageValue>(
        _ graph: StageGraph<Value>, observe: @escaping @Sendable (StageEvent<Value>) -> Void = { _ in }
    ) -> [StageOutcome<Value>] {
        let lasts = graph.nodes.map { cache.last(of: "\(scope)/\($0.id)") }
        let schedule = StageSchedule(needs: graph.needs, durations: lasts.map { $0?.milliseconds })
        let board = StageBoard(graph, schedule: schedule, observe: observe)
        let start = ticks()
        let workers = (0..<min(jobs, graph.nodes.count, Self.mostThreads)).map { _ in
            Worker {
                while let (place, inputs) = board.next() {
                    let turn = StageTurn(
                        engine: self, node: graph.nodes[place], inputs: inputs, last: lasts[place], runStart: start)
                    board.settle(place, turn.settle(announce: board.announce))
                }
            }
        }
        for worker in workers { try? worker.result() }
        return board.outcomes
    }
}
