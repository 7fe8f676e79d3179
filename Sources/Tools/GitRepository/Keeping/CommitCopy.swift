import BakeModel
import Clibgit2
import Glibc
import LinuxSystem

/// One commit, the objects of its tree, and the commits behind it, from one repository to another.
final class CommitCopy {
    private let path: String
    private let source: OpenRepository
    private let target: Handle
    private let objects: Handle
    /// Deeper than any tree that `TreeWalk` takes.
    private static let depth = 1024
    private var written: [ObjectID] = []
    private var isPacked = false
    private static let many = 64

    init(from source: String, to path: String) throws {
        self.path = path
        self.source = try OpenRepository(source)
        let repository = try MirrorDirectory.open(path)
        let pointer = repository.pointer
        objects = try Handle("open the objects of", path, free: git_odb_free) { git_repository_odb(&$0, pointer) }
        target = repository
        // The copy is hashed while it is written, and that is compared.
        try LibGit.set(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0)
    }

    /// Copies what is missing, and gives the commit its name when everything is on the disk.
    func run(_ commit: CommitID, named reference: String) throws {
        let bytes = try read(commit.object)
        let parsed = try CommitParser.parse(commit, bytes)
        try copyTree(parsed.tree, depth: 0)
        let history = try HistoryCopy(source: source, objects: objects.pointer, packs: "\(path)/objects/pack")
            .run(behind: parsed.parents)
        written += history.written
        isPacked = history.isPacked
        try write(commit.object, bytes, GIT_OBJECT_COMMIT)
        try synchronize()
        try LibGit.set(GIT_OPT_ENABLE_FSYNC_GITDIR, 1)
        var id = try LibGit.oid(commit.object)
        let made = try Handle("name", reference, free: git_reference_free) { [repository = target.pointer] in
            git_reference_create(&$0, repository, reference, &id, 1, "bake")
        }
        _ = consume made
    }

    /// Files are waited for one by one where they are few, else all at once.
    private func synchronize() throws {
        guard written.count < Self.many, !isPacked else {
            return try Descriptor.open(path, O_RDONLY | O_DIRECTORY).synchronizeFileSystem()
        }
        for id in written {
            let file = "\(path)/objects/\(id.hex.prefix(2))/\(id.hex.dropFirst(2))"
            try Descriptor.open(file, O_RDONLY).synchronize()
            try DurableFile.synchronizeDirectory(of: file)
        }
        try DurableFile.synchronizeDirectory(of: "\(path)/objects/x")
    }

    private func copyTree(_ id: ObjectID, depth: Int) throws {
        guard depth < Self.depth else { throw GitProtocolError(subject: id.hex) }
        let bytes = try read(id)
        for item in try TreeParser.parse(id, bytes) {
            switch item.mode {
            case .directory: try copyTree(item.object, depth: depth + 1)
            case .submodule: break
            default: if try !has(item.object) { try write(item.object, read(item.object), GIT_OBJECT_BLOB) }
            }
        }
        if try !has(id) { try write(id, bytes, GIT_OBJECT_TREE) }
    }

    private func has(_ id: ObjectID) throws -> Bool { try LibGit.holds(id, objects.pointer) }

    private func read(_ id: ObjectID) throws -> [UInt8] { try LibGit.bytes(of: id, in: source.objects.pointer) }

    private func write(_ id: ObjectID, _ bytes: [UInt8], _ kind: git_object_t) throws {
        var oid = git_oid()
        try LibGit.check("keep the git object", id.hex) {
            git_odb_write(&oid, objects.pointer, bytes, bytes.count, kind)
        }
        guard try LibGit.objectID(oid) == id else { throw GitProtocolError(subject: id.hex) }
        written.append(id)
    }
}
