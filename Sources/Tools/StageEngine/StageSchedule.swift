/// The order in which nodes go when several could: the longest way to the end first, as measured by earlier runs.
struct StageSchedule {
    /// Milliseconds that a node of which nothing is known is taken to need.
    static let unknown: Int64 = 1000
    /// No measure counts for more than a month, so that sums stay small numbers.
    private static let longest: Int64 = 30 * 86_400_000

    /// For every node its own duration and the longest way behind it, in milliseconds.
    let weights: [Int64]

    /// Weighs the nodes of a graph.
    /// - Parameters:
    ///   - needs: for every node those that it needs, which stand before it.
    ///   - durations: how long each took when it last ran, in milliseconds; nil for those that never did.
    init(needs: [[Int]], durations: [Int64?]) {
        let own = durations.map { min(max(0, $0 ?? Self.unknown), Self.longest) }
        var behind = [Int64](repeating: 0, count: needs.count)
        var weights = own
        for node in needs.indices.reversed() {
            weights[node] = own[node] + behind[node]
            for needed in needs[node] { behind[needed] = max(behind[needed], weights[node]) }
        }
        self.weights = weights
    }
}
