import BakeModel
import Clibgit2

/// A walk through history that need not be whole: where only the commits of some generations are kept, or a clone is shallow,
/// libgit2's own walk fails at the first parent that is missing, also behind what is to be left out.
struct HistoryWalk {
    let repository: OpenRepository

    /// The commits that lead to one and not to another, newest first.
    /// - Throws: `MissingObject` where a commit is missing that may be one of them.
    func commits(to newer: ObjectID, without older: ObjectID?, limit: Int) throws -> [ObjectID] {
        let hidden = try older.map(ancestors) ?? []
        var commits: [Commit] = []
        var seen = hidden
        var queue = [newer]
        var next = 0
        while next < queue.count {
            let id = queue[next]
            next += 1
            guard seen.insert(id).inserted else { continue }
            guard commits.count < limit else { break }
            guard let commit = try commit(id) else { throw MissingObject(id: id, isShallow: true) }
            commits.append(commit)
            queue += commit.parents.map(\.object)
        }
        // Stable, so that a child stays before its parent where both have one time.
        let order = commits.enumerated().sorted {
            ($1.element.committer.time, $0.offset) < ($0.element.committer.time, $1.offset)
        }
        return order.map(\.element.id.object)
    }

    /// Whether the first is the second or leads to it.
    /// - Throws: `MissingObject` where a commit is missing that may tell.
    func isAncestor(_ ancestor: ObjectID, of commit: ObjectID) throws -> Bool {
        var missing: ObjectID?
        let found = try visit(from: commit) { missing = missing ?? $0 }
        if found.contains(ancestor) { return true }
        if let missing { throw MissingObject(id: missing, isShallow: true) }
        return false
    }

    private func ancestors(of id: ObjectID) throws -> Set<ObjectID> { try visit(from: id) { _ in } }

    /// All that lead to a commit as far as they are there, and itself.
    private func visit(from id: ObjectID, missing: (ObjectID) -> Void) throws -> Set<ObjectID> {
        var queue = [id]
        var seen: Set = [id]
        var next = 0
        while next < queue.count {
            let id = queue[next]
            next += 1
            guard let commit = try commit(id) else {
                missing(id)
                continue
            }
            for parent in commit.parents.map(\.object) where seen.insert(parent).inserted { queue.append(parent) }
        }
        return seen
    }

    /// nil where it is missing.
    private func commit(_ id: ObjectID) throws -> Commit? {
        try repository.holds(id) ? repository.commit(CommitID(id)) : nil
    }
}
