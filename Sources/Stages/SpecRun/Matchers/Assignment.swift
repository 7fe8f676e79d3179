extension Matcher {
    /// Whether one item matches. A matcher that makes no sense for any item is an error only where none matches.
    func contains(_ matcher: Matcher, _ found: FoundValue) -> Match {
        guard let items = found.asLines else { return .error("\(found.shown) is no list") }
        var last = Match.mismatched(detail: nil)
        for item in items {
            let match = matcher.match(item)
            if match == .matched { return .matched }
            if case .error = match { last = match }
        }
        return last
    }

    /// Whether each matcher can be given an item of its own, and with `exactly` whether no item is left over.
    func elements(_ matchers: [Matcher], _ items: [FoundValue]?, _ found: FoundValue, exactly: Bool = false) -> Match {
        guard let items else { return .error("\(found.shown) is no list") }
        var assignment = Assignment(matchers, items)
        let missing = assignment.unassigned()
        if missing.isEmpty && !(exactly && items.count > matchers.count) { return .matched }
        if missing.isEmpty { return .mismatched(detail: "more than expected: \(found.shown)") }
        return .mismatched(detail: "missing \(Shown.list(missing.map(\.shown))) in \(found.shown)")
    }
}

/// Items given to matchers, at most one each, as many as can be: a matching in a bipartite graph by augmenting paths.
private struct Assignment {
    private let matchers: [Matcher]
    /// For each matcher, the items that it takes.
    private let candidates: [[Int]]
    private var ownerOfItem: [Int: Int] = [:]

    init(_ matchers: [Matcher], _ items: [FoundValue]) {
        self.matchers = matchers
        candidates = matchers.map { matcher in
            items.indices.filter { matcher.match(items[$0]) == .matched }
        }
    }

    /// The matchers for which no item is left.
    mutating func unassigned() -> [Matcher] {
        var missing: [Matcher] = []
        for index in matchers.indices {
            var visited: Set<Int> = []
            if !assign(index, &visited) { missing.append(matchers[index]) }
        }
        return missing
    }

    /// Gives the matcher an item; one that is taken is freed by giving its owner another.
    private mutating func assign(_ matcher: Int, _ visited: inout Set<Int>) -> Bool {
        for item in candidates[matcher] where visited.insert(item).inserted {
            let owner = ownerOfItem[item]
            if owner == nil || assign(owner ?? matcher, &visited) {
                ownerOfItem[item] = matcher
                return true
            }
        }
        return false
    }
}
