/// What the ledger keeps of a commit: the repository may be gone when somebody asks.
public struct CommitFacts: Hashable, Sendable {
    /// The commit.
    public let id: CommitID
    /// The first line of its message.
    public let summary: String
    /// The author's name.
    public let author: String
    /// The author's mail address.
    public let mail: String
    /// When it was authored.
    public let time: Timestamp

    /// Describes a commit.
    public init(id: CommitID, summary: String, author: String, mail: String, time: Timestamp) {
        self.id = id
        self.summary = summary
        self.author = author
        self.mail = mail
        self.time = time
    }

    /// The record's members.
    public var json: JSON {
        [
            "id": .string(id.hex), "summary": .string(summary), "author": .string(author), "mail": .string(mail),
            "time": .string(time.description),
        ]
    }

    /// Reads what `json` wrote.
    public init?(_ json: JSON) {
        guard let id = json["id"]?.string.flatMap({ CommitID($0) }), let summary = json["summary"]?.string,
            let author = json["author"]?.string, let mail = json["mail"]?.string,
            let time = json["time"]?.string.flatMap({ Timestamp($0) })
        else { return nil }
        self.init(id: id, summary: summary, author: author, mail: mail, time: time)
    }
}

/// How many checks of a spec passed, and where the whole verdict lies.
public struct VerdictFacts: Hashable, Sendable {
    /// Properties that were as expected.
    public let passed: Int
    /// Properties that were not.
    public let failed: Int
    /// Properties that were not looked at.
    public let skipped: Int
    /// The verdict's blob.
    public let digest: Digest

    /// Describes a verdict.
    public init(passed: Int, failed: Int, skipped: Int, digest: Digest) {
        self.passed = passed
        self.failed = failed
        self.skipped = skipped
        self.digest = digest
    }

    /// `41/41 passed`.
    public var text: String { "\(passed)/\(passed + failed) passed" + (skipped > 0 ? ", \(skipped) skipped" : "") }

    /// The record's members.
    public var json: JSON {
        [
            "passed": .number(Int64(passed)), "failed": .number(Int64(failed)), "skipped": .number(Int64(skipped)),
            "digest": .string(digest.description),
        ]
    }

    /// Reads what `json` wrote.
    public init?(_ json: JSON) {
        guard let passed = json["passed"]?.count, let failed = json["failed"]?.count,
            let skipped = json["skipped"]?.count, let digest = json["digest"]?.namedDigest
        else { return nil }
        self.init(passed: passed, failed: failed, skipped: skipped, digest: digest)
    }
}

extension JSON {
    /// A number from 0 on; nil for every other value.
    var count: Int? { number.flatMap { $0 >= 0 ? Int(exactly: $0) : nil } }
    /// A generation's name; nil for every other value.
    var generation: GenerationID? { string.flatMap { GenerationID($0) } }
}
