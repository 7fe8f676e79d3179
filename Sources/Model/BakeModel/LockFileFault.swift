/// What is wrong with the text of a lock.
public enum LockFileFault: ExplainedError, Hashable {
    /// It is longer than `LockFile.limit`.
    case tooLong
    /// It is no JSON, or JSON that readers would disagree about.
    case notJSON(JSON.Fault)
    /// It says that it is of another schema: a newer bake wrote it.
    case otherSchema(String)
    /// A value is missing or wrong: where it stands, and what it must be.
    case malformed(String, String)

    public var doing: String { "read the lock" }

    public var subject: String {
        if case .malformed(let place, _) = self { place } else { "its text" }
    }

    public var reason: String {
        switch self {
        case .tooLong: "it is longer than \(LockFile.limit) bytes"
        case .notJSON(.unexpected(let offset)): "it is no JSON at byte \(offset)"
        case .notJSON(.duplicateKey(let key)): "the key \"\(key)\" stands twice in one object"
        case .notJSON(.tooDeep): "it nests too deeply"
        case .notJSON(.unsupportedNumber(let offset)): "the number at byte \(offset) is no whole number in range"
        case .notJSON(.notUnicode): "it is no UTF-8"
        case .otherSchema(let schema): "its schema is \"\(schema)\", and this version knows \"\(LockFile.schema)\""
        case .malformed(_, let wanted): wanted
        }
    }

    public var hint: String? {
        if case .otherSchema = self {
            "use the bake that wrote it, or write it again with 'bake lock'"
        } else {
            "write it again with 'bake lock'"
        }
    }

    public var exit: ExitCode { .usage }
}
