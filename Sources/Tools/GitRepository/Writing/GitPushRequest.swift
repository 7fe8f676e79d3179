import BakeModel

/// What the pushing helper is asked for.
struct GitPushRequest {
    let fetch: GitFetchRequest
    let commit: GitCommitRequest
    let branch: String

    init(fetch: GitFetchRequest, commit: GitCommitRequest, branch: String) {
        self.fetch = fetch
        self.commit = commit
        self.branch = branch
    }

    var json: JSON { ["fetch": fetch.json, "commit": commit.json, "branch": .string(branch)] }

    init(_ json: JSON) throws {
        guard let fetch = json["fetch"], let commit = json["commit"], let branch = json["branch"]?.string else {
            throw GitProtocolError(subject: "the request")
        }
        self.init(fetch: try GitFetchRequest(fetch), commit: try GitCommitRequest(commit), branch: branch)
    }
}
