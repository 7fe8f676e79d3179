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
    /// More objects than these become one pack, which costs one file and no compression; few need no index that every
    /// reader opens.
    private static let many = 64

    init(from source: String, to path: String) throws {
        self.path = path
        self.source = try OpenRepository(source)
        let repository = try MirrorDirectory.open(path)
        let pointer = repository.pointer
        objects = try Handle("open the objects of", path, free: git_odb_free) { git_repository_odb(&$0, pointer) }
        target = repository
        // Every object is hashed here, whoever reads it.
        try LibGit.set(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0)
    }

    /// Copies what is missing, and gives the commit its name when everything is on the disk.
    func run(_ commit: CommitID, named reference: String) throws {
        let parsed = try source.commit(commit)
        var missing = try MissingFiles(source: source, objects: objects.pointer).below(parsed.tree)
        missing += try MissingHistory(source: source, objects: objects.pointer).behind(parsed.parents)
        if try !LibGit.holds(commit.object, objects.pointer) { missing.append(commit.object) }
        if missing.count > Self.many {
            try PackedObjects(of: source, packs: StoredPack.all(in: source.objectDirectory))
                .write(missing, to: "\(path)/objects/pack")
        } else {
            for id in missing { try write(id) }
            try synchronize(missing)
        }
        try name(commit, reference)
    }

    private func name(_ commit: CommitID, _ reference: String) throws {
        try LibGit.set(GIT_OPT_ENABLE_FSYNC_GITDIR, 1)
        var id = try LibGit.oid(commit.object)
        let made = try Handle("name", reference, free: git_reference_free) { [repository = target.pointer] in
            git_reference_create(&$0, repository, reference, &id, 1, "bake")
        }
        _ = consume made
    }

    private func write(_ id: ObjectID) throws {
        let (kind, bytes) = try LibGit.object(id, in: source.objects.pointer)
        var oid = git_oid()
        try LibGit.check("keep the git object", id.hex) {
            git_odb_write(&oid, objects.pointer, bytes, bytes.count, kind.type)
        }
        guard try LibGit.objectID(oid) == id else { throw GitProtocolError(subject: id.hex) }
    }

    private func synchronize(_ written: [ObjectID]) throws {
        for id in written {
            let file = "\(path)/objects/\(id.hex.prefix(2))/\(id.hex.dropFirst(2))"
            try Descriptor.open(file, O_RDONLY).synchronize()
            try DurableFile.synchronizeDirectory(of: file)
        }
        try DurableFile.synchronizeDirectory(of: "\(path)/objects/x")
    }
}
