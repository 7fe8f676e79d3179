import BakeModel
import Clibgit2

/// The commits behind a commit, without their files, from one repository to another: who wrote what can be told, and each
/// is proved by its hash, after their origin is gone.
struct HistoryCopy {
    /// How many commits at most; further back nothing is told.
    private static let limit = 10_000
    /// More than these are written as one pack.
    private static let many = 64
    let source: OpenRepository
    /// The objects that are there already.
    let objects: OpaquePointer
    /// The directory of packs.
    let packs: String

    /// Copies what is missing, the oldest first: behind a commit that is there nothing is missing.
    /// - Returns: what was written as objects of their own, and whether anything was written as a pack.
    func run(behind parents: [CommitID]) throws -> (written: [ObjectID], isPacked: Bool) {
        let missing = try missing(behind: parents)
        if missing.count > Self.many {
            try pack(missing)
            return ([], true)
        }
        for id in missing.reversed() { try write(id) }
        return (missing, false)
    }

    /// The newest first. The history of a shallow source ends where it was cut off.
    private func missing(behind parents: [CommitID]) throws -> [ObjectID] {
        var queue = parents.map(\.object)
        var seen = Set(queue)
        var missing: [ObjectID] = []
        var next = 0
        while next < queue.count, seen.count <= Self.limit {
            let id = queue[next]
            next += 1
            guard try LibGit.holds(id, source.objects.pointer) else { continue }
            let ancestors = try CommitParser.parse(CommitID(id), read(id)).parents.map(\.object)
            if try !LibGit.holds(id, objects) {
                missing.append(id)
            } else if try ancestors.allSatisfy({ try LibGit.holds($0, objects) }) {
                continue
            }
            for ancestor in ancestors where seen.insert(ancestor).inserted { queue.append(ancestor) }
        }
        return missing
    }

    private func read(_ id: ObjectID) throws -> [UInt8] {
        try LibGit.bytes(of: id, in: source.objects.pointer)
    }

    private func write(_ id: ObjectID) throws {
        let bytes = try read(id)
        var oid = git_oid()
        try LibGit.check("keep the git object", id.hex) {
            git_odb_write(&oid, objects, bytes, bytes.count, GIT_OBJECT_COMMIT)
        }
        guard try LibGit.objectID(oid) == id else { throw GitProtocolError(subject: id.hex) }
    }

    private func pack(_ ids: [ObjectID]) throws {
        let builder = try Handle("pack the history", packs, free: git_packbuilder_free) { [source] in
            git_packbuilder_new(&$0, source.pointer)
        }
        git_packbuilder_set_threads(builder.pointer, 1)
        for id in ids {
            var oid = try LibGit.oid(id)
            try LibGit.check("pack the git object", id.hex) { git_packbuilder_insert(builder.pointer, &oid, nil) }
        }
        // Objects are named by the hash of what is in the pack, whatever the source calls them.
        try LibGit.check("write the pack in", packs) {
            git_packbuilder_write(builder.pointer, packs, 0o444, nil, nil)
        }
    }
}

extension LibGit {
    /// Whether an object is there.
    static func holds(_ id: ObjectID, _ objects: OpaquePointer) throws -> Bool {
        var oid = try oid(id)
        return git_odb_exists(objects, &oid) == 1
    }

    /// The bytes of an object.
    static func bytes(of id: ObjectID, in objects: OpaquePointer) throws -> [UInt8] {
        var oid = try oid(id)
        let object = try Handle("read the git object", id.hex, free: git_odb_object_free) {
            git_odb_read(&$0, objects, &oid)
        }
        return Array(
            UnsafeRawBufferPointer(
                start: git_odb_object_data(object.pointer), count: git_odb_object_size(object.pointer)))
    }
}
