import BakeModel
import LinuxSystem

extension GitReader {
    /// Whether `ancestor` is `commit` itself or one that it follows.
    /// - Throws: where the history is cut off (a shallow clone) before the answer is known.
    public func isAncestor(_ ancestor: CommitID, of commit: CommitID) throws -> Bool {
        let answer = try ask([
            "ask": .string("ancestor"), "ancestor": .string(ancestor.hex), "commit": .string(commit.hex),
        ])
        guard case .bool(let isAncestor) = answer else { throw GitProtocolError(subject: "ancestor") }
        return isAncestor
    }

    /// The commits that `newer` follows and `older` does not, newest first, `newer` among them; all where `older` is nil.
    /// - Parameter limit: how many at most.
    public func log(from newer: CommitID, without older: CommitID?, limit: Int) throws -> [CommitID] {
        let answer = try ask([
            "ask": .string("log"), "commit": .string(newer.hex), "without": older.map { .string($0.hex) },
            "limit": .number(Int64(limit)),
        ])
        guard let items = answer.items else { throw GitProtocolError(subject: "log") }
        return items.compactMap { $0.string.flatMap { CommitID($0) } }
    }

    /// How the work tree differs from HEAD; clean for a bare repository.
    public func status() throws -> WorkTreeStatus {
        let request = JSON.record(["ask": .string("status"), "limit": .number(Int64(limits.statusPaths))])
        return try session.ask(request, deadline: limits.deadline) { answer in
            try WorkTreeStatus(records: answer.readAll(limit: 256 << 20))
        }
    }
}
