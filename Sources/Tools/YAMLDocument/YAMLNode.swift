import BakeModel

/// A value of a YAML document, with the place where it stands.
public indirect enum YAMLNode: Hashable, Sendable {
    /// Text, a number, a truth value or null.
    case scalar(YAMLScalar)
    /// A list.
    case sequence(YAMLSequence)
    /// Keys with values.
    case mapping(YAMLMapping)
    /// Something that is already reported as a fault, such as an alias: readers pass over it in silence.
    case unusable(SourcePosition)

    /// Where it begins.
    public var position: SourcePosition {
        switch self {
        case .scalar(let scalar): scalar.position
        case .sequence(let sequence): sequence.position
        case .mapping(let mapping): mapping.position
        case .unusable(let position): position
        }
    }

    /// What it is, as messages say it: `a list`.
    public var kind: String {
        switch self {
        case .scalar(let scalar): scalar.isNull ? "nothing" : "text"
        case .sequence: "a list"
        case .mapping: "a map"
        case .unusable: "unusable"
        }
    }
}

/// Text as it stands in a document. What it means (a number, a truth value) is for its reader to say.
public struct YAMLScalar: Hashable, Sendable {
    /// The text, without quotes and with escapes resolved.
    public let text: String
    /// Whether it was written without quotes and not as a block: only then it may be a number, a truth value or null.
    public let isPlain: Bool
    /// Where it begins.
    public let position: SourcePosition

    /// Describes a scalar.
    public init(text: String, isPlain: Bool, position: SourcePosition) {
        self.text = text
        self.isPlain = isPlain
        self.position = position
    }

    /// Whether it is null: `~`, `null`, or nothing at all (YAML 1.2 core schema, 10.3.2).
    public var isNull: Bool { isPlain && ["", "~", "null", "Null", "NULL"].contains(text) }

    /// The truth value; nil for anything but unquoted `true` and `false` in the three spellings of the core schema.
    public var boolean: Bool? {
        guard isPlain else { return nil }
        if ["true", "True", "TRUE"].contains(text) { return true }
        return ["false", "False", "FALSE"].contains(text) ? false : nil
    }

    /// The decimal integer; nil where it is quoted, is none, or has a leading zero (octal to some readers).
    public var integer: Int64? {
        guard isPlain, let value = Int64(text) else { return nil }
        let digits = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
        return digits.count > 1 && digits.first == UInt8(ascii: "0") ? nil : value
    }
}

/// A list.
public struct YAMLSequence: Hashable, Sendable {
    /// The items, in the file's order.
    public let items: [YAMLNode]
    /// Where it begins.
    public let position: SourcePosition
}

/// Keys with values, in the file's order; no key stands twice.
public struct YAMLMapping: Hashable, Sendable {
    /// A key and its value.
    public struct Member: Hashable, Sendable {
        /// The key.
        public let key: YAMLScalar
        /// The value.
        public let value: YAMLNode
    }

    /// The members, in the file's order.
    public let members: [Member]
    /// Where it begins.
    public let position: SourcePosition

    /// The value of a key, compared byte by byte; nil where the key is absent.
    public subscript(key: String) -> YAMLNode? {
        members.first { $0.key.text.hasBytes(of: key) }?.value
    }

    /// The same without keys that say nothing.
    public var withoutNulls: YAMLMapping {
        let said = members.filter { if case .scalar(let scalar) = $0.value { !scalar.isNull } else { true } }
        return YAMLMapping(members: said, position: position)
    }
}
