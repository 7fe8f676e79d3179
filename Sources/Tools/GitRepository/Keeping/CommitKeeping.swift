import BakeModel
import LinuxSystem

/// Commits with their files in a bare repository of bake's own, each under a name below `refs/bake/`: what was baked from
/// them can be baked again after their origin lost them.
///
/// Of the commits before it only the commits themselves are kept, not their files: who wrote them can be told.
public struct CommitKeeping: Hashable, Sendable {
    /// The repository's directory.
    public let path: String

    /// Names the repository in a directory of mirrors, the store's `git/`. It is made with its first commit.
    public init(in directory: String) { path = "\(directory)/kept.git" }

    /// Keeps a commit. What is there already is not copied again.
    /// - Parameters:
    ///   - group: the commits that are dropped together, a pipeline's name.
    ///   - repository: one on this machine that has the commit.
    /// - Throws: an explained error; the repository then is as before, but for unreachable objects.
    public func keep(
        _ commit: CommitID, group: String, from repository: String, program: HelperProgram,
        limits: GitLimits = GitLimits()
    ) throws {
        try DurableFile.makeDirectories(path, sharing: .around(path))
        let lock = try FileLock.exclusive("\(path).lock")
        defer { withExtendedLifetime(lock) {} }
        let request: JSON = [
            "act": "keep", "repository": .string(path), "source": .string(repository), "commit": .string(commit.hex),
            "group": .string(group), "memory": .number(Int64(clamping: limits.addressSpace)),
        ]
        _ = try HelperCall.start(program, GitKeepHelper.name, request: request).finish(deadline: limits.deadline)
    }

    /// Whether a commit is kept with its files.
    public func holds(_ commit: CommitID, group: String) -> Bool {
        DurableFile.exists("\(path)/\(Self.reference(group, commit))")
    }

    /// Drops commits, and every file that no other kept commit has. The commits themselves stay, as evidence.
    public func drop(
        _ commits: [(group: String, commit: CommitID)], program: HelperProgram, limits: GitLimits = GitLimits()
    ) throws {
        let there = commits.filter { holds($0.commit, group: $0.group) }
        guard !there.isEmpty else { return }
        let lock = try FileLock.exclusive("\(path).lock")
        defer { withExtendedLifetime(lock) {} }
        let request: JSON = [
            "act": "drop", "repository": .string(path), "memory": .number(Int64(clamping: limits.addressSpace)),
            "references": .array(there.map { .string(Self.reference($0.group, $0.commit)) }),
        ]
        _ = try HelperCall.start(program, GitKeepHelper.name, request: request).finish(deadline: limits.deadline)
    }

    /// What a kept commit is called.
    static func reference(_ group: String, _ commit: CommitID) -> String { "refs/bake/\(group)/\(commit.hex)" }
}
