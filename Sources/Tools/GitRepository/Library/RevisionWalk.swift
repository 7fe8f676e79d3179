import BakeModel
import Clibgit2

/// A walk through history, newest first.
struct RevisionWalk: ~Copyable {
    private let handle: Handle

    init(_ repository: OpenRepository, from commit: ObjectID) throws {
        var oid = try LibGit.oid(commit)
        let walk = try Handle("walk", "the history", free: git_revwalk_free) {
            git_revwalk_new(&$0, repository.pointer)
        }
        try LibGit.check("walk", "the history") {
            git_revwalk_sorting(walk.pointer, GIT_SORT_TOPOLOGICAL.rawValue | GIT_SORT_TIME.rawValue)
        }
        try LibGit.check("walk the history of", commit.hex) { git_revwalk_push(walk.pointer, &oid) }
        handle = walk
    }

    /// Leaves out a commit and all that it follows.
    func hide(_ commit: ObjectID) throws {
        var oid = try LibGit.oid(commit)
        try LibGit.check("walk the history of", commit.hex) { git_revwalk_hide(handle.pointer, &oid) }
    }

    /// The first commits of the walk.
    func commits(limit: Int) throws -> [ObjectID] {
        var commits: [ObjectID] = []
        var oid = git_oid()
        while commits.count < limit {
            let code = git_revwalk_next(&oid, handle.pointer)
            if code == GIT_ITEROVER.rawValue { break }
            try LibGit.check("walk", "the history") { code }
            commits.append(try LibGit.objectID(oid))
        }
        return commits
    }
}
