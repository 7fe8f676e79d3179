import BakeModel
import GitRepository
import Glibc

extension Checkout {
    /// The files that a pattern names, in the order of their paths. A directory stands for everything below it.
    /// - Throws: `PathError` where nothing matches (naming what is nearly called so), or where the pattern reaches into a
    ///   submodule; `PatternError` where it is malformed.
    public func select(_ pattern: PathPattern) throws -> [CommittedFile] {
        let matcher = try PathMatcher(pattern)
        let candidates = try candidates(matcher.literalPrefix, pattern)
        if let submodule = candidates.submodules.first(where: matcher.matches) {
            throw PathError.submodule(pattern.text, submodule)
        }
        let files = candidates.files.filter { matcher.matches($0.path) }
        guard !files.isEmpty else { throw try namesDirectories(pattern) ?? notFound(pattern.text) }
        return files
    }

    /// Names what `select` looks at, without looking: equal names mean equal files, in whatever commit. Nil where the work
    /// tree is looked at, or where there is nothing to look at.
    public func identity(of pattern: PathPattern) throws -> String? {
        guard work == nil else { return nil }
        let prefix = try PathMatcher(pattern).literalPrefix
        guard let item = try reader.item(at: prefix, in: commit.tree) else { return nil }
        return "\(item.mode) \(item.object.hex) at /\(prefix)"
    }

    /// What lies below the directory that the pattern begins with: no other has to be read.
    private func candidates(_ prefix: TreePath, _ pattern: PathPattern) throws -> CommittedTree {
        if prefix.isRoot || work != nil { return try tree }
        guard let item = try reader.item(at: prefix, in: commit.tree) else { throw try notFound(pattern.text) }
        switch item.mode {
        case .directory: return try reader.files(of: item.object, at: prefix)
        case .submodule: throw PathError.submodule(pattern.text, prefix)
        case .regular, .executable, .symlink:
            if pattern.contents { throw PathError.notDirectory(pattern.text, commit.id) }
            return CommittedTree(root: item.object, files: try [file(prefix)].compactMap(\.self), submodules: [])
        }
    }

    /// The file of that path; nil where there is none, or a directory.
    public func file(_ path: TreePath) throws -> CommittedFile? {
        if work != nil { return try tree.files.first { $0.path == path } }
        guard let item = try reader.item(at: path, in: commit.tree), let mode = CommittedFile.Mode(item.mode) else {
            return nil
        }
        return CommittedFile(path: path, mode: mode, object: item.object)
    }

    /// The files and links that lie in a directory itself, not below another one; none where there is no such directory.
    public func files(in directory: TreePath) throws -> [CommittedFile] {
        if work != nil { return try tree.files.filter { !$0.path.isRoot && $0.path.parent == directory } }
        guard let item = try reader.item(at: directory, in: commit.tree), item.mode == .directory else { return [] }
        return try reader.tree(item.object).compactMap { item in
            let mode = CommittedFile.Mode(item.mode)
            return try mode.map {
                CommittedFile(path: try directory.appending(part: item.name), mode: $0, object: item.object)
            }
        }
    }

    /// A pattern with wildcards names files: `src*` is no directory.
    private func namesDirectories(_ pattern: PathPattern) throws -> PathError? {
        let below = PathPattern(text: pattern.text + "/**", contents: false)
        guard pattern.isGlob, let matcher = try? PathMatcher(below),
            try tree.files.contains(where: { matcher.matches($0.path) })
        else { return nil }
        return .onlyDirectories(pattern.text, commit.id)
    }

    func notFound(_ text: String) throws -> PathError {
        let tree = try tree
        if let submodule = tree.submodules.first(where: { isBelow($0, text) }) { return .submodule(text, submodule) }
        return .notFound(text, commit.id, nearby: NearMisses.of(text, in: tree), isUncommitted: isInWorkTree(text))
    }

    private func isBelow(_ directory: TreePath, _ text: String) -> Bool {
        (try? TreePath(cleaning: text))?.relative(to: directory) != nil
    }

    /// The most frequent mistake: the file is there, but was never committed.
    private func isInWorkTree(_ text: String) -> Bool {
        guard let workTree, let path = try? TreePath(cleaning: text), !path.isRoot else { return false }
        var status = stat()
        return lstat("\(workTree)/\(path)", &status) == 0
    }
}

/// A path or pattern that names nothing of the commit.
public enum PathError: ExplainedError, Hashable {
    /// Nothing of the commit has that path.
    case notFound(String, CommitID, nearby: [TreePath], isUncommitted: Bool)
    /// It has wildcards, and only directories are called so.
    case onlyDirectories(String, CommitID)
    /// It lies in another repository that is linked in.
    case submodule(String, TreePath)
    /// It is a symbolic link where a file is needed.
    case symlink(String, CommitID)
    /// It was written with a closing slash and is a file.
    case notDirectory(String, CommitID)

    public var doing: String { "find in the commit" }

    public var subject: String {
        switch self {
        case .notFound(let text, _, _, _), .submodule(let text, _), .symlink(let text, _), .notDirectory(let text, _),
            .onlyDirectories(let text, _):
            text
        }
    }

    public var reason: String {
        switch self {
        case .notFound(_, let commit, _, false): "nothing in commit \(commit.short) matches"
        case .notFound(_, let commit, _, true): "it is in the work tree, but not in commit \(commit.short)"
        case .onlyDirectories(_, let commit): "in commit \(commit.short) only directories are called so"
        case .submodule(_, let path): "\(path) is a submodule, whose files bake does not read"
        case .symlink(_, let commit): "it is a symbolic link in commit \(commit.short)"
        case .notDirectory(_, let commit): "it is a file in commit \(commit.short), not a directory"
        }
    }

    public var hint: String? {
        switch self {
        case .notFound(let text, _, _, true): "git add \(text), then git commit"
        case .notFound(_, _, let nearby, false):
            nearby.isEmpty ? nil : "there is \(nearby.map(\.description).joined(separator: ", "))"
        case .onlyDirectories(let text, _): "'\(text)/**' names the files below them"
        case .submodule: "name the paths beside it, or commit the files themselves"
        case .symlink: "commit a file in its place"
        case .notDirectory: "write it without the closing slash"
        }
    }

    public var exit: ExitCode { .usage }
}
