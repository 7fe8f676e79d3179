import BakeModel
import Clibgit2

/// A repository that the reading helper has open.
final class OpenRepository {
    let handle: Handle
    let objects: Handle
    var pointer: OpaquePointer { handle.pointer }

    /// Opens the repository at a path or above it, on the same file system.
    init(_ path: String) throws {
        do throws(LibGitError) {
            handle = try Handle("open the git repository", path, free: git_repository_free) {
                git_repository_open_ext(&$0, path, 0, nil)
            }
        } catch {
            throw RepositoryError(path: path, cause: error)
        }
        let pointer = handle.pointer
        objects = try Handle("open the objects of", path, free: git_odb_free) { git_repository_odb(&$0, pointer) }
    }

    /// Where its objects lie; those of work trees lie in the repository that they share.
    var objectDirectory: String { "\(Self.path(git_repository_commondir(pointer)) ?? "")/objects" }

    /// The bytes of an object, proved by its name.
    func bytes(of id: ObjectID) throws -> [UInt8] { try LibGit.object(id, in: objects.pointer).bytes }

    /// Reads a commit.
    func commit(_ id: CommitID) throws -> Commit { try CommitParser.parse(id, bytes(of: id.object)) }

    /// Whether an object is there.
    func holds(_ id: ObjectID) throws -> Bool { try LibGit.holds(id, objects.pointer) }

    /// What is known of it.
    var facts: RepositoryFacts {
        get throws {
            let gitDirectory = Self.path(git_repository_path(pointer)) ?? ""
            return RepositoryFacts(
                top: Self.path(git_repository_workdir(pointer)) ?? gitDirectory, gitDirectory: gitDirectory,
                isBare: git_repository_is_bare(pointer) == 1, isShallow: git_repository_is_shallow(pointer) == 1,
                isUnborn: git_repository_head_unborn(pointer) == 1,
                headBranch: headBranch, origin: origin)
        }
    }

    /// The path as text, without the closing slash that libgit2 likes.
    private static func path(_ bytes: UnsafePointer<CChar>?) -> String? {
        guard let text = bytes.map({ String(cString: $0) }) else { return nil }
        return text.count > 1 && text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    private var headBranch: String? {
        let head = try? Handle("read", "HEAD", free: git_reference_free) {
            git_reference_lookup(&$0, self.pointer, "HEAD")
        }
        guard let head, let target = git_reference_symbolic_target(head.pointer) else { return nil }
        let name = String(cString: target)
        return name.hasPrefix("refs/heads/") ? String(name.dropFirst(11)) : nil
    }

    private var origin: String? {
        let remote = try? Handle("read", "origin", free: git_remote_free) {
            git_remote_lookup(&$0, self.pointer, "origin")
        }
        guard let remote, let url = git_remote_url(remote.pointer) else { return nil }
        return RemoteURL.withoutCredentials(String(cString: url))
    }
}

/// A repository that cannot be opened.
struct RepositoryError: ExplainedError {
    let path: String
    let cause: LibGitError

    var doing: String { "open the git repository" }
    var subject: String { path }
    var reason: String {
        if cause.isNotFound { return "there is none here, nor in a directory above" }
        return usesSHA256 ? "its object names are SHA-256; bake reads SHA-1 repositories" : cause.reason
    }
    var hint: String? {
        if cause.isNotFound { return "git init, then git commit" }
        return usesSHA256 ? "git init --object-format=sha1 and import the history there" : nil
    }
    var exit: ExitCode { cause.isNotFound ? .notFound : .usage }

    /// libgit2 1.5 says "unsupported extension name extensions.objectformat".
    private var usesSHA256: Bool { cause.message.contains("objectformat") }
}
