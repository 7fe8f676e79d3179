import BakeModel

/// Reads the bytes of a commit object: header lines, an empty line, the message. git's `commit.c`.
struct CommitParser {
    private let id: CommitID
    private var rest: ArraySlice<UInt8>

    private init(_ id: CommitID, _ bytes: [UInt8]) {
        self.id = id
        rest = bytes[...]
    }

    static func parse(_ id: CommitID, _ bytes: [UInt8]) throws(ObjectError) -> Commit {
        var parser = CommitParser(id, bytes)
        return try parser.commit()
    }

    private mutating func commit() throws(ObjectError) -> Commit {
        guard let tree = try field("tree").flatMap(objectID) else { throw fault("it has no tree") }
        var parents: [CommitID] = []
        while let text = try field("parent") {
            guard let parent = objectID(text) else { throw fault("a parent is no object name") }
            parents.append(CommitID(parent))
        }
        guard let author = try field("author").flatMap(person) else { throw fault("it has no author") }
        guard let committer = try field("committer").flatMap(person) else { throw fault("it has no committer") }
        // encoding, mergetag, gpgsig and whatever comes later; continued lines begin with a space.
        while let first = rest.first, first != 0x0a { _ = try nextLine() }
        return Commit(
            id: id, tree: tree, parents: parents, author: author, committer: committer, message: Array(rest.dropFirst())
        )
    }

    /// The value of the next line where it has that key; nil, and nothing read, where it has another.
    private mutating func field(_ key: String) throws(ObjectError) -> ArraySlice<UInt8>? {
        guard rest.starts(with: "\(key) ".utf8) else { return nil }
        return try nextLine().dropFirst(key.utf8.count + 1)
    }

    private mutating func nextLine() throws(ObjectError) -> ArraySlice<UInt8> {
        guard let end = rest.firstIndex(of: 0x0a) else { throw fault("a header line does not end") }
        defer { rest = rest[(end + 1)...] }
        return rest[..<end]
    }

    private func objectID(_ text: ArraySlice<UInt8>) -> ObjectID? { ObjectID(String(decoding: text, as: UTF8.self)) }

    private func fault(_ text: String) -> ObjectError { .malformed(id.object, .commit, text) }

    /// `NAME <MAIL> SECONDS +HHMM`. What follows the mail may be broken in old commits; git then shows 1970.
    private func person(_ text: ArraySlice<UInt8>) -> Commit.Person? {
        guard let close = text.lastIndex(of: UInt8(ascii: ">")),
            let open = text[..<close].firstIndex(of: UInt8(ascii: "<"))
        else { return nil }
        let words = text[(close + 1)...].split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
        let seconds = words.first.flatMap { Int64($0) } ?? 0
        let name = String(decoding: text[..<open], as: UTF8.self)
        return Commit.Person(
            name: String(name.reversed().drop { $0 == " " }.reversed()),
            mail: String(decoding: text[(open + 1)..<close], as: UTF8.self),
            time: Timestamp(seconds: Self.sensible.contains(seconds) ? seconds : 0),
            offsetMinutes: words.count > 1 ? Self.offset(words[1]) : 0)
    }

    /// From 1970 to the end of the year 9999.
    private static let sensible: ClosedRange<Int64> = 0...253_402_300_799

    private static func offset(_ text: String) -> Int {
        guard let number = Int(text), abs(number) <= 1400 else { return 0 }
        return number / 100 * 60 + number % 100
    }
}
