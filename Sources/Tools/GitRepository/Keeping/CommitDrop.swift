import BakeModel
import Clibgit2
import Glibc
import LinuxSystem

/// Names that go, and the files that no other name leads to. Commits stay.
final class CommitDrop {
    private let path: String
    private let repository: OpenRepository
    private var reachable: Set<ObjectID> = []

    init(_ path: String) throws {
        self.path = path
        repository = try OpenRepository(path)
    }

    func drop(_ references: [String]) throws {
        for reference in references {
            try LibGit.check("drop", reference) { git_reference_remove(repository.pointer, reference) }
        }
        try markCommits()
        // Packs first: what is read for a new one may lie outside.
        try dropPacked()
        dropLoose()
    }

    /// Packs that hold something that goes are written again without it.
    private func dropPacked() throws {
        let packs = StoredPack.all(in: repository.objectDirectory)
        for pack in packs {
            let objects = pack.index.objects
            let left = objects.filter(stays)
            guard left.count < objects.count else { continue }
            if !left.isEmpty { try PackedObjects(of: repository, packs: packs).write(left, to: "\(path)/objects/pack") }
            pack.remove()
        }
    }

    private func dropLoose() {
        for directory in DirectoryListing.namesIfThere(in: "\(path)/objects") where directory.utf8.count == 2 {
            for name in DirectoryListing.namesIfThere(in: "\(path)/objects/\(directory)") {
                guard let id = ObjectID("\(directory)\(name)"), !stays(id) else { continue }
                unlink("\(path)/objects/\(directory)/\(name)")
            }
        }
    }

    private func stays(_ id: ObjectID) -> Bool { reachable.contains(id) || ((try? isCommit(id)) ?? false) }

    private func markCommits() throws {
        var list = git_strarray()
        try LibGit.check("list the references of", path) { git_reference_list(&list, repository.pointer) }
        defer { git_strarray_dispose(&list) }
        for index in 0..<list.count {
            guard let name = list.strings[index] else { continue }
            var oid = git_oid()
            try LibGit.check("read", String(cString: name)) {
                git_reference_name_to_id(&oid, repository.pointer, name)
            }
            let commit = CommitID(try LibGit.objectID(oid))
            reachable.insert(commit.object)
            try markTree(repository.commit(commit).tree)
        }
    }

    private func markTree(_ id: ObjectID) throws {
        guard reachable.insert(id).inserted else { return }
        for item in try TreeParser.parse(id, repository.bytes(of: id)) where item.mode != .submodule {
            if item.mode == .directory { try markTree(item.object) } else { reachable.insert(item.object) }
        }
    }

    /// Who wrote what is evidence, and stays.
    private func isCommit(_ id: ObjectID) throws -> Bool {
        var oid = try LibGit.oid(id)
        var size = 0
        var type = GIT_OBJECT_INVALID
        try LibGit.check("read the git object", id.hex) {
            git_odb_read_header(&size, &type, repository.objects.pointer, &oid)
        }
        return type == GIT_OBJECT_COMMIT
    }
}
