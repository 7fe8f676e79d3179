import BakeModel
import GitRepository

extension Checkout {
    /// Who last changed a file: the newest commit of this one's history whose file differs from that of all its parents.
    /// A merge that took one side's file as it was did not change it.
    /// - Parameters:
    ///   - older: commits of this one's history are not looked at; all of them are where nil.
    ///   - limit: how many commits are looked at.
    /// - Returns: nil where none of them changed it.
    public func newestChange(of path: TreePath, without older: CommitID?, limit: Int = 1000) throws -> Commit? {
        for id in try log(without: older, limit: limit) {
            let commit = try reader.commit(id)
            let object = try committedObject(at: path, in: commit)
            let others = try commit.parents.map { try committedObject(at: path, in: try reader.commit($0)) }
            // The first commit of all changed what it brought.
            if others.isEmpty ? object != nil : !others.contains(object) { return commit }
        }
        return nil
    }

    /// The object of a file as it is committed; nil where there is none.
    public func committedObject(at path: TreePath) throws -> ObjectID? { try committedObject(at: path, in: commit) }

    private func committedObject(at path: TreePath, in commit: Commit) throws -> ObjectID? {
        let item = try reader.item(at: path, in: commit.tree)
        return item?.mode == .directory ? nil : item?.object
    }
}
