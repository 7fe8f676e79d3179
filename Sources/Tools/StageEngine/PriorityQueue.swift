/// A binary heap: the greatest element comes out first, each in logarithmic time.
struct PriorityQueue<Element: Comparable & Sendable>: Sendable {
    private var heap: [Element] = []

    /// Whether it has no element.
    var isEmpty: Bool { heap.isEmpty }

    /// Adds an element.
    mutating func push(_ element: Element) {
        heap.append(element)
        var child = heap.count - 1
        while child > 0, heap[(child - 1) / 2] < heap[child] {
            heap.swapAt((child - 1) / 2, child)
            child = (child - 1) / 2
        }
    }

    /// Takes the greatest element out; nil where there is none.
    mutating func pop() -> Element? {
        guard let last = heap.popLast() else { return nil }
        guard let first = heap.first else { return last }
        heap[0] = last
        var parent = 0
        while let child = greaterChild(of: parent), heap[parent] < heap[child] {
            heap.swapAt(parent, child)
            parent = child
        }
        return first
    }

    private func greaterChild(of parent: Int) -> Int? {
        let left = 2 * parent + 1
        guard left < heap.count else { return nil }
        return left + 1 < heap.count && heap[left] < heap[left + 1] ? left + 1 : left
    }
}

/// A node's place in the queue: the greater weight goes first, of equal ones the node that was named first.
struct Turn: Comparable {
    let weight: Int64
    let node: Int

    static func < (left: Turn, right: Turn) -> Bool {
        left.weight == right.weight ? left.node > right.node : left.weight < right.weight
    }
}
