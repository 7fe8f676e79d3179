import BakeModel
import Clibgit2

/// The trees and files of a commit that a repository does not have.
struct MissingFiles {
    let source: OpenRepository
    /// The objects that are there already.
    let objects: OpaquePointer
    private var seen: Set<ObjectID> = []
    private var missing: [ObjectID] = []
    /// Deeper than any tree that `TreeWalk` takes.
    private static let depth = 1024

    init(source: OpenRepository, objects: OpaquePointer) {
        self.source = source
        self.objects = objects
    }

    /// The objects, a tree behind what it names. Trees that are there are looked into as well: what an interrupted run
    /// left has no more than a name.
    consuming func below(_ tree: ObjectID) throws -> [ObjectID] {
        var search = self
        try search.walk(tree, depth: 0)
        return search.missing
    }

    private mutating func walk(_ id: ObjectID, depth: Int) throws {
        guard depth < Self.depth else { throw GitProtocolError(subject: id.hex) }
        guard seen.insert(id).inserted else { return }
        for item in try TreeParser.parse(id, source.bytes(of: id)) {
            switch item.mode {
            case .directory: try walk(item.object, depth: depth + 1)
            case .submodule: break
            default: if seen.insert(item.object).inserted { try note(item.object) }
            }
        }
        try note(id)
    }

    private mutating func note(_ id: ObjectID) throws {
        if try !LibGit.holds(id, objects) { missing.append(id) }
    }
}
