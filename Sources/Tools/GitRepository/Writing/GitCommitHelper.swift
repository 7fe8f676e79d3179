import BakeModel
import Clibgit2
import Glibc
import LinuxSystem

/// The helper process that writes a commit into a repository of bake's own.
public enum GitCommitHelper {
    /// Its name on the command line.
    public static let name = "git-commit"

    /// Writes one commit and ends.
    public static func serve() -> Never {
        HelperService.serve { json in
            let request = try GitCommitRequest(json)
            try ResourceLimit.noCore()
            try ResourceLimit.addressSpace(request.addressSpace)
            if case .group(let othersRead) = Sharing.of(request.repository) { umask(othersRead ? 0o002 : 0o007) }
            try LibGit.start()
            try LibGit.set(GIT_OPT_ENABLE_FSYNC_GITDIR, 1)
            return .string(try CommitWriter(request).write().hex)
        }
    }
}

/// Files → blobs → tree → commit.
final class CommitWriter {
    private let request: GitCommitRequest
    private let handle: Handle
    /// The repository, for calls of the library while this object lives.
    var repository: OpaquePointer { handle.pointer }

    init(_ request: GitCommitRequest) throws {
        self.request = request
        handle = try MirrorDirectory.open(request.repository)
    }

    /// Writes the commit, or finds that HEAD has the same tree.
    func write() throws -> ObjectID {
        var tree = try treeID()
        let head = try? Handle("find", "HEAD", free: git_object_free) {
            git_revparse_single(&$0, self.repository, "HEAD^{commit}")
        }
        guard let head else { return try commit(&tree, parent: nil) }
        guard let before = git_commit_tree_id(head.pointer), let id = git_commit_id(head.pointer) else {
            throw GitProtocolError(subject: "HEAD")
        }
        if git_oid_equal(before, &tree) == 1 { return try LibGit.objectID(id.pointee) }
        return try commit(&tree, parent: head.pointer)
    }

    /// Writes a commit behind a branch, with the files in place of those of the same names. Where the branch has them
    /// already, its commit is the answer.
    func write(behind branch: String) throws -> ObjectID {
        let tip = try? Handle("find", branch, free: git_object_free) {
            git_revparse_single(&$0, self.repository, "\(branch)^{commit}")
        }
        guard let tip else {
            git_error_clear()
            var tree = try treeID()
            return try commit(&tree, parent: nil)
        }
        let old = try Handle("read", branch, free: git_tree_free) { git_commit_tree(&$0, tip.pointer) }
        var tree = try treeID(over: old.pointer)
        guard let before = git_tree_id(old.pointer), let id = git_commit_id(tip.pointer) else {
            throw GitProtocolError(subject: branch)
        }
        if git_oid_equal(before, &tree) == 1 { return try LibGit.objectID(id.pointee) }
        return try commit(&tree, parent: tip.pointer)
    }

    /// Gives a commit a name, whatever had it.
    func name(_ commit: ObjectID, _ reference: String) throws {
        var id = try LibGit.oid(commit)
        let made = try Handle("name", reference, free: git_reference_free) {
            git_reference_create(&$0, self.repository, reference, &id, 1, "bake")
        }
        _ = consume made
    }

    private func treeID(over old: OpaquePointer? = nil) throws -> git_oid {
        let builder = try Handle("make", "a tree", free: git_treebuilder_free) {
            git_treebuilder_new(&$0, self.repository, old)
        }
        for file in request.files {
            var blob = try blobID(of: file)
            try LibGit.check("add to the tree", file.name) {
                git_treebuilder_insert(nil, builder.pointer, file.name, &blob, GIT_FILEMODE_BLOB)
            }
        }
        var tree = git_oid()
        try LibGit.check("write", "a tree") { git_treebuilder_write(&tree, builder.pointer) }
        return tree
    }

    private func blobID(of file: GeneratedRepository.File) throws -> git_oid {
        var id = git_oid()
        switch file.content {
        case .machine(let path):
            try LibGit.check("read", path) { git_blob_create_from_disk(&id, self.repository, path) }
        case .text(let text):
            let bytes = Array(text.utf8)
            try LibGit.check("write", file.name) {
                git_blob_create_from_buffer(&id, self.repository, bytes, bytes.count)
            }
        }
        return id
    }

    private func commit(_ tree: inout git_oid, parent: OpaquePointer?) throws -> ObjectID {
        let tree = try Handle("find", "the tree", free: git_object_free) {
            git_object_lookup(&$0, self.repository, &tree, GIT_OBJECT_TREE)
        }
        let author = request.author
        var signature: UnsafeMutablePointer<git_signature>?
        try LibGit.check("sign as", author.name) {
            git_signature_new(&signature, author.name, author.mail, author.time.seconds, 0)
        }
        defer { git_signature_free(signature) }
        var id = git_oid()
        var parents = [parent]
        try LibGit.check("write", "the commit") {
            git_commit_create(
                &id, self.repository, request.movesHead ? "HEAD" : nil, signature, signature, nil, request.message,
                tree.pointer, parent == nil ? 0 : 1, &parents)
        }
        return try LibGit.objectID(id)
    }
}
