import BakeModel

/// An object of a repository that is not what its name promises, or that bake will not take.
public enum ObjectError: ExplainedError, Hashable {
    /// The bytes hash to another name.
    case wrongHash(ObjectID, found: ObjectID?)
    /// The object is there, but of another kind.
    case wrongKind(ObjectID, expected: ObjectKind, found: String)
    /// It has more bytes than allowed.
    case tooLarge(ObjectID, size: Int, limit: Int)
    /// Its bytes hash right but follow no grammar of git's.
    case malformed(ObjectID, ObjectKind, String)
    /// Reading it took more processor time than allowed, as it does for ever where the object is cut off.
    case endless(ObjectID, seconds: Int)
    /// Reading it made the helper fail: the reason is the helper's end.
    case unreadable(ObjectID, String)

    public var doing: String { "read the git object" }

    public var subject: String {
        switch self {
        case .wrongHash(let id, _), .wrongKind(let id, _, _), .tooLarge(let id, _, _), .malformed(let id, _, _),
            .endless(let id, _), .unreadable(let id, _):
            id.hex
        }
    }

    public var reason: String {
        switch self {
        case .wrongHash(_, let found): "its bytes hash to \(found?.hex ?? "nothing")"
        case .wrongKind(_, let expected, let found): "it is a \(found), not a \(expected.rawValue)"
        case .tooLarge(_, let size, let limit): "it has \(size) bytes, more than the limit of \(limit)"
        case .malformed(_, let kind, let fault): "it is no well-formed \(kind.rawValue): \(fault)"
        case .endless(_, let seconds): "reading it took more than \(seconds) s of processor time: it may be cut off"
        case .unreadable(_, let fault): "the reader failed on it: \(fault)"
        }
    }

    public var hint: String? {
        switch self {
        case .wrongHash, .endless, .unreadable:
            "the repository is damaged; 'git fsck' there tells how much, a fresh clone mends it"
        case .wrongKind, .tooLarge, .malformed: nil
        }
    }
}
