import BakeModel

/// A commit, read from bytes whose hash was checked.
public struct Commit: Hashable, Sendable {
    /// Its name.
    public let id: CommitID
    /// The tree of its files.
    public let tree: ObjectID
    /// What it follows, in the commit's order.
    public let parents: [CommitID]
    /// Who wrote the change.
    public let author: Person
    /// Who made the commit.
    public let committer: Person
    /// The whole message, as it stands: foreign bytes, in any encoding.
    public let message: [UInt8]

    /// Stands for the commit of a work tree without any: the null name, and git's empty tree. It is never read or recorded.
    public static func unborn() -> Commit? {
        guard let null = CommitID(String(repeating: "0", count: 40)),
            let empty = ObjectHasher(kind: .tree, size: 0).finish()
        else { return nil }
        let nobody = Person(name: "", mail: "", time: Timestamp(milliseconds: 0), offsetMinutes: 0)
        return Commit(id: null, tree: empty, parents: [], author: nobody, committer: nobody, message: [])
    }

    /// The message's first line; bytes that are no UTF-8 are replaced. Foreign text: escape it where it is shown.
    public var summary: String {
        let line = message.drop { $0 == 0x0a }.prefix { $0 != 0x0a }
        return String(decoding: line, as: UTF8.self)
    }

    /// A person as a commit names them: a claim, not an identity.
    public struct Person: Hashable, Sendable {
        /// The name.
        public let name: String
        /// The mail address.
        public let mail: String
        /// When, 1970 where the commit has no sensible time (as git shows it).
        public let time: Timestamp
        /// How far their clock was from UTC, in minutes.
        public let offsetMinutes: Int

        /// Names a person and a time.
        public init(name: String, mail: String, time: Timestamp, offsetMinutes: Int) {
            self.name = name
            self.mail = mail
            self.time = time
            self.offsetMinutes = offsetMinutes
        }
    }
}
