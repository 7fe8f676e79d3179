import BakeModel
import Foundation
import Synchronization
import Testing

@testable import StageEngine

@Suite struct StageScheduleTests {
    @Test("a queue gives the greatest first, of equal weights the first named; compared with sorting")
    func queue() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<50 {
            let turns = (0..<Int.random(in: 0...200, using: &generator)).map {
                Turn(weight: Int64.random(in: 0...9, using: &generator), node: $0)
            }
            var queue = PriorityQueue<Turn>()
            for turn in turns.shuffled() { queue.push(turn) }
            var order: [Turn] = []
            while let turn = queue.pop() { order.append(turn) }
            #expect(order == turns.sorted { $0.weight == $1.weight ? $0.node < $1.node : $0.weight > $1.weight })
        }
    }

    /// os (2 s) → site (5 s) → app (unknown: 1 s), os → docs (1 s).
    @Test("a node weighs what it takes itself and the longest way behind it")
    func weights() {
        let schedule = StageSchedule(needs: [[], [0], [1, 0], [0]], durations: [2000, 5000, nil, 1000])
        #expect(schedule.weights == [8000, 6000, 1000, 1000])
    }

    @Test("durations that no run can have do no harm")
    func absurd() {
        let schedule = StageSchedule(needs: [[], [0], [1]], durations: [.max, .max, .min])
        let month: Int64 = 2_592_000_000
        #expect(schedule.weights == [2 * month, month, 0])
    }

    @Test("10,000 nodes: every need is looked at twice for the order and twice for the run, not once for every node")
    func linear() throws {
        // 100 rows of 100; each node needs three of the row above.
        let needs: [[Int]] = (0..<10_000).map { node in
            node < 100 ? [] : [node - 100, node - 99, node - 1 - 100].filter { $0 >= 0 && $0 < node }
        }
        let count = needs.reduce(0) { $0 + $1.count }
        var readiness = Readiness(needs: needs)
        var open = readiness.first
        var done = 0
        while let node = open.popLast() {
            done += 1
            open += readiness.finish(node)
        }
        #expect(done == 10_000)
        #expect(readiness.steps == 2 * count)
    }

    @Test("a graph of 10,000 nodes, named in the wrong order, is ordered and run")
    func large() throws {
        let nodes = (0..<10_000).reversed().map { number in
            StageNode<Count>(
                id: "\(number)", needs: number < 100 ? [] : ["\(number - 100)", "\(number - 1)"], key: { _ in nil },
                work: { inputs in Count(1 + (inputs.values.map(\.number).max() ?? 0)) })
        }
        let engine = StageEngine(
            cache: StageCache(reading: "/nonexistent"), scope: "large", jobs: 4, ticks: { 0 })
        let outcomes = engine.run(try StageGraph(nodes))
        #expect(outcomes.count == 10_000)
        // Node 99 begins anew like the others of its row; from 100 on each is one deeper than its left neighbour.
        #expect(outcomes.first { $0.id == "9999" }?.value?.number == 9_901)
    }
}

private struct Count: StageValue {
    let number: Int
    init(_ number: Int) { self.number = number }
    init?(_ json: JSON) {
        guard let number = json.number.flatMap(Int.init(exactly:)) else { return nil }
        self.number = number
    }
    var json: JSON { .number(Int64(number)) }
}
