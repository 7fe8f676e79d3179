/// Where checkpoints of a ledger are kept outside its store, so that a store that was written anew is found out.
public enum AnchorPlace: Hashable, Sendable, CustomStringConvertible {
    /// A file of this machine, by its absolute path: each checkpoint is appended.
    case file(String)
    /// A file of a branch of a repository elsewhere: each checkpoint is a commit.
    case git(url: String, branch: String)

    /// The place as messages name it.
    public var description: String {
        switch self {
        case .file(let path): path
        case .git(let url, let branch): "\(url), branch \(branch)"
        }
    }

    /// The record's value.
    public var json: JSON {
        switch self {
        case .file(let path): ["file": .string(path)]
        case .git(let url, let branch): ["git": .string(url), "branch": .string(branch)]
        }
    }

    /// Reads what `json` wrote; nil where a member is missing, malformed or unknown.
    public init?(_ json: JSON) {
        guard let members = json.members else { return nil }
        if Set(members.keys) == ["file"], let path = json["file"]?.string, path.hasPrefix("/") {
            self = .file(path)
        } else if Set(members.keys) == ["git", "branch"], let url = json["git"]?.string,
            let branch = json["branch"]?.string
        {
            self = .git(url: url, branch: branch)
        } else {
            return nil
        }
    }
}
