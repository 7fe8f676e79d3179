import BakeModel
import GitRepository

extension Checkout {
    /// The commits of this one's history that are not of `older`'s, newest first; all of them where nil.
    /// - Parameter limit: how many at most.
    /// - Throws: where the repository does not have `older`, or not the whole way there.
    public func commits(without older: CommitID?, limit: Int) throws -> [Commit] {
        try log(without: older, limit: limit).map { try reader.commit($0) }
    }
}
