import BakeModel
import Clibgit2
import Glibc
import LinuxSystem

/// The helper process that copies commits into a repository of bake's own, and drops them.
public enum GitKeepHelper {
    /// Its name on the command line.
    public static let name = "git-keep"

    /// Keeps or drops once and ends.
    public static func serve() -> Never {
        HelperService.serve { json in
            guard let path = json["repository"]?.string,
                let memory = json["memory"]?.number.flatMap(UInt64.init(exactly:))
            else { throw GitProtocolError(subject: "the request") }
            try ResourceLimit.noCore()
            try ResourceLimit.addressSpace(memory)
            if case .group(let othersRead) = Sharing.of(path) { umask(othersRead ? 0o002 : 0o007) }
            try LibGit.start()
            try serve(json, path)
            return .null
        }
    }

    private static func serve(_ json: JSON, _ path: String) throws {
        if json["act"]?.string == "drop" {
            guard let references = json["references"]?.all(\.string) else {
                throw GitProtocolError(subject: "the request")
            }
            return try CommitDrop(path).drop(references)
        }
        guard let source = json["source"]?.string, let commit = json["commit"]?.string.flatMap({ CommitID($0) }),
            let group = json["group"]?.string
        else { throw GitProtocolError(subject: "the request") }
        try CommitCopy(from: source, to: path).run(commit, named: CommitKeeping.reference(group, commit))
    }
}
