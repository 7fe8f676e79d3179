/// The shortest way to make one list of lines from another. E. Myers, "An O(ND) Difference Algorithm" (1986).
struct LineScript {
    /// One line of both, taken away, or put in.
    enum Step: Hashable {
        /// The line of this number in the old and in the new text.
        case kept(Int, Int)
        /// The line of this number in the old text.
        case removed(Int)
        /// The line of this number in the new text.
        case added(Int)
    }

    let steps: [Step]
    /// Where more changes would be needed, everything that differs is taken away and put in as a whole: memory grows with
    /// the square.
    static let longestScript = 1000

    init<Line: Hashable>(from old: [Line], to new: [Line]) {
        let front = zip(old, new).prefix { $0 == $1 }.count
        let back = zip(old[front...].reversed(), new[front...].reversed()).prefix { $0 == $1 }.count
        let oldEnd = old.count - back
        let newEnd = new.count - back
        var steps = (0..<front).map { Step.kept($0, $0) }
        steps += Self.middle(Array(old[front..<oldEnd]), Array(new[front..<newEnd])).map { step in
            switch step {
            case .kept(let old, let new): .kept(old + front, new + front)
            case .removed(let old): .removed(old + front)
            case .added(let new): .added(new + front)
            }
        }
        steps += (0..<back).map { Step.kept(oldEnd + $0, newEnd + $0) }
        self.steps = steps
    }

    private static func middle<Line: Hashable>(_ old: [Line], _ new: [Line]) -> [Step] {
        guard let trace = trace(old, new) else { return old.indices.map(Step.removed) + new.indices.map(Step.added) }
        return walk(back: trace, old.count, new.count)
    }

    /// For each number of changes the furthest points on the diagonals, from `-changes` to `changes`; nil where there are
    /// too many.
    private static func trace<Line: Hashable>(_ old: [Line], _ new: [Line]) -> [[Int]]? {
        var trace: [[Int]] = []
        var reach = [0]
        for changes in 0...min(longestScript, old.count + new.count) {
            var next = [Int](repeating: 0, count: 2 * changes + 1)
            for diagonal in stride(from: -changes, through: changes, by: 2) {
                var x = start(on: diagonal, changes, reach)
                while x < old.count, x - diagonal < new.count, old[x] == new[x - diagonal] { x += 1 }
                next[diagonal + changes] = x
                if x >= old.count && x - diagonal >= new.count { return trace + [next] }
            }
            trace.append(next)
            reach = next
        }
        return nil
    }

    /// Where a diagonal is entered from the points reached with one change less.
    private static func start(on diagonal: Int, _ changes: Int, _ reach: [Int]) -> Int {
        guard changes > 0 else { return 0 }
        return isDown(diagonal, changes, reach)
            ? reach[diagonal + 1 + changes - 1] : reach[diagonal - 1 + changes - 1] + 1
    }

    /// Whether the way to this diagonal puts a line in, rather than takes one away.
    private static func isDown(_ diagonal: Int, _ changes: Int, _ reach: [Int]) -> Bool {
        if diagonal == -changes { return true }
        if diagonal == changes { return false }
        return reach[diagonal - 1 + changes - 1] < reach[diagonal + 1 + changes - 1]
    }

    private static func walk(back trace: [[Int]], _ oldCount: Int, _ newCount: Int) -> [Step] {
        var steps: [Step] = []
        var x = oldCount
        var y = newCount
        for changes in stride(from: trace.count - 1, through: 0, by: -1) {
            let diagonal = x - y
            let reach = changes > 0 ? trace[changes - 1] : []
            let entry = start(on: diagonal, changes, reach)
            while x > entry {
                x -= 1
                y -= 1
                steps.append(.kept(x, y))
            }
            guard changes > 0 else { break }
            if isDown(diagonal, changes, reach) {
                y -= 1
                steps.append(.added(y))
            } else {
                x -= 1
                steps.append(.removed(x))
            }
        }
        return steps.reversed()
    }
}
