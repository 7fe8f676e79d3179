/// One destination of `add:`.
public struct AddRule: Hashable, Sendable {
    /// The path in the image.
    public let destination: TreePath
    /// Whether the destination was written with a closing slash: what is copied goes into it.
    public let intoDirectory: Bool
    /// What is copied.
    public let source: ContentSource
    /// The mode that every file copied gets; nil keeps what the source has.
    public let mode: UInt16?
    /// The owner that everything copied gets.
    public let owner: OwnerName

    /// Describes a rule.
    public init(
        destination: TreePath, intoDirectory: Bool, source: ContentSource, mode: UInt16? = nil, owner: OwnerName = .root
    ) {
        self.destination = destination
        self.intoDirectory = intoDirectory
        self.source = source
        self.mode = mode
        self.owner = owner
    }
}

/// Whom a file belongs to, as written: `app`, `app:www-data`, `33:33`. Numbers need no line in the root's files.
public struct OwnerName: Hashable, Sendable, CustomStringConvertible {
    /// The user, by name or number.
    public let user: String
    /// The group, by name or number; nil is the user's own.
    public let group: String?

    /// Names an owner.
    public init(user: String, group: String?) {
        self.user = user
        self.group = group
    }

    /// 0:0.
    public static let root = OwnerName(user: "0", group: "0")

    /// The numbers, where both are written as such.
    public var numbers: Owner? {
        guard let user = UInt32(user), let group = group.flatMap({ UInt32($0) }) else { return nil }
        return Owner(user: user, group: group)
    }

    public var description: String { group.map { "\(user):\($0)" } ?? user }
}

/// Files named by `add:` or `inputs:`, or written in `files:`.
public enum ContentSource: Hashable, Sendable {
    /// These bytes: what `files:` has.
    case text([UInt8])
    /// Files of the commit that match.
    case checkout(PathPattern)
    /// Files of another stage: of its `output` where relative, of its root where absolute.
    case stage(StageName, StagePath)
}

/// A path in another stage, as written after `STAGE:`.
public struct StagePath: Hashable, Sendable {
    /// The path.
    public let path: TreePath
    /// Whether it starts at the stage's root (absolute) and not in its output.
    public let inRoot: Bool
    /// Whether it was written with a closing slash: the contents of the directory, not the directory.
    public let contents: Bool

    /// Describes a path.
    public init(path: TreePath, inRoot: Bool, contents: Bool) {
        self.path = path
        self.inRoot = inRoot
        self.contents = contents
    }
}

/// A path or glob of the commit's tree. `*` and `?` stay within a part, `**` crosses parts, `[a-z]` is a class.
public struct PathPattern: Hashable, Sendable {
    /// The pattern as written, without a closing slash.
    public let text: String
    /// Whether it was written with a closing slash: the contents of the directory, not the directory.
    public let contents: Bool

    /// Describes a pattern.
    public init(text: String, contents: Bool) {
        self.text = text
        self.contents = contents
    }

    /// Whether it has a wildcard.
    public var isGlob: Bool {
        text.utf8.contains { [UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "[")].contains($0) }
    }
}
