import BakeModel
import GitRepository

extension Checkout {
    /// The commits of this one's history that are not of `older`'s, newest first; all of them where nil.
    /// - Parameter limit: how many at most.
    /// - Throws: where the repository does not have `older`, or not the whole way there.
    public func commits(without older: CommitID?, limit: Int) throws -> [Commit] {
        let ids = try log(without: older, limit: limit)
        return try stride(from: 0, to: ids.count, by: Self.page).flatMap { start in
            try reader.commits(Array(ids[start..<min(start + Self.page, ids.count)]))
        }
    }

    /// How many commits are asked for at once.
    private static let page = 1000
}
