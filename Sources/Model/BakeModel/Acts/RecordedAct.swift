/// A kind of thing that the ledger records, with its body as a value.
public protocol RecordedAct: Hashable, Sendable {
    /// How entries name the kind.
    static var kind: String { get }
    /// What it moves.
    var subjects: [Subject] { get }
    /// The body of its entry.
    var body: JSON { get }
    /// Reads a body; nil where it is not what `body` writes.
    init?(body: JSON)
}

extension RecordedAct {
    /// The act as the ledger takes it.
    public var act: Act { Act(kind: Self.kind, subjects: subjects, body: body) }

    /// Reads an entry of this kind; nil for an entry of another kind.
    /// - Throws: `DamagedEntry` where the kind is right and the body is not.
    public init?(_ entry: Entry) throws(DamagedEntry) {
        guard entry.act.kind == Self.kind else { return nil }
        guard let value = Self(body: entry.act.body) else {
            throw DamagedEntry(sequence: entry.sequence, kind: Self.kind)
        }
        self = value
    }
}

extension JSON {
    /// A member that may be absent: nil inside where it is, nil outside where it is there and cannot be read. A record
    /// with a damaged member is a damaged record, not one without that member.
    func optional<Value>(_ member: String, _ read: (JSON) -> Value?) -> Value?? {
        guard let json = self[member] else { return .some(nil) }
        return read(json).map { .some($0) }
    }
}

/// An entry whose body is not what its kind says.
public struct DamagedEntry: ExplainedError, Hashable {
    let sequence: Int64
    let kind: String

    public var doing: String { "read the ledger" }
    public var subject: String { "entry \(sequence)" }
    public var reason: String { "its body is no \(kind)" }
    public var hint: String? { "a backup has what was written: bake restore DIR" }
    public var exit: ExitCode { .damaged }
}
