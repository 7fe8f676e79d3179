import BakeModel

/// What is known of a repository once it is open.
public struct RepositoryFacts: Hashable, Sendable {
    /// The work tree's absolute path; that of the repository itself where it is bare.
    public let top: String
    /// The absolute path of the `.git` directory.
    public let gitDirectory: String
    /// Whether it has no work tree.
    public let isBare: Bool
    /// Whether its history is cut off.
    public let isShallow: Bool
    /// Whether HEAD names a branch without any commit.
    public let isUnborn: Bool
    /// The branch that HEAD names, `main`; nil where HEAD names a commit.
    public let headBranch: String?
    /// The URL of the remote `origin`, without user and password; nil where there is none.
    public let origin: String?

    var json: JSON {
        .record([
            "top": .string(top), "git": .string(gitDirectory), "bare": .bool(isBare), "shallow": .bool(isShallow),
            "unborn": .bool(isUnborn),
            "branch": headBranch.map(JSON.string), "origin": origin.map(JSON.string),
        ])
    }

    init(
        top: String, gitDirectory: String, isBare: Bool, isShallow: Bool, isUnborn: Bool, headBranch: String?,
        origin: String?
    ) {
        self.top = top
        self.gitDirectory = gitDirectory
        self.isBare = isBare
        self.isShallow = isShallow
        self.isUnborn = isUnborn
        self.headBranch = headBranch
        self.origin = origin
    }

    init?(_ json: JSON) {
        guard let top = json["top"]?.string, let gitDirectory = json["git"]?.string,
            case .bool(let isBare)? = json["bare"], case .bool(let isShallow)? = json["shallow"],
            case .bool(let isUnborn)? = json["unborn"]
        else { return nil }
        self.init(
            top: top, gitDirectory: gitDirectory, isBare: isBare, isShallow: isShallow, isUnborn: isUnborn,
            headBranch: json["branch"]?.string, origin: json["origin"]?.string)
    }
}
