import BakeModel
import Clibgit2

/// The commits behind a commit that a repository does not have: kept without their files, they tell who wrote what, each
/// proved by its hash, after their origin is gone.
struct MissingHistory {
    /// How many commits at most; further back nothing is told.
    private static let limit = 10_000
    let source: OpenRepository
    /// The objects that are there already.
    let objects: OpaquePointer

    /// The commits, the oldest first: behind one that is there nothing is missing. The history of a shallow source ends
    /// where it was cut off.
    func behind(_ parents: [CommitID]) throws -> [ObjectID] {
        var queue = parents.map(\.object)
        var seen = Set(queue)
        var missing: [ObjectID] = []
        var next = 0
        while next < queue.count, seen.count <= Self.limit {
            let id = queue[next]
            next += 1
            guard try source.holds(id) else { continue }
            let ancestors = try source.commit(CommitID(id)).parents
            if try !LibGit.holds(id, objects) {
                missing.append(id)
            } else if try ancestors.allSatisfy({ try LibGit.holds($0.object, objects) }) {
                continue
            }
            for ancestor in ancestors where seen.insert(ancestor.object).inserted { queue.append(ancestor.object) }
        }
        return missing.reversed()
    }
}
