/// One file, directory or link of a tree, with everything a layer keeps of it but the bytes of a regular file.
///
/// Times are absent on purpose: inside an image every time is one constant.
public struct TreeEntry: Hashable, Sendable {
    /// What the entry is.
    public enum Kind: Hashable, Sendable {
        /// A file with this many bytes.
        case regular(size: UInt64)
        /// A directory.
        case directory
        /// A symbolic link and the bytes it points to, as they stand.
        case symlink(target: [UInt8])
        /// Another name of a file that came before.
        case hardlink(to: TreePath)
        /// A named pipe.
        case fifo
    }

    /// Where it is, below the root.
    public var path: TreePath
    /// What it is.
    public var kind: Kind
    /// Permission bits with set-id and sticky bits, `mode & 07777`.
    public var mode: UInt16
    /// Who owns it, as numbers.
    public var owner: Owner
    /// Extended attributes, sorted by the bytes of their names.
    public var attributes: [ExtendedAttribute]

    /// Describes an entry.
    public init(
        path: TreePath, kind: Kind, mode: UInt16, owner: Owner = .root, attributes: [ExtendedAttribute] = []
    ) {
        self.path = path
        self.kind = kind
        self.mode = mode & 0o7777
        self.owner = owner
        self.attributes = attributes.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
}

/// The numbers of a file's user and group.
public struct Owner: Hashable, Sendable {
    /// The user's number.
    public let user: UInt32
    /// The group's number.
    public let group: UInt32

    /// User 0 and group 0.
    public static let root = Owner(user: 0, group: 0)

    /// Names a user and a group by number.
    public init(user: UInt32, group: UInt32) {
        self.user = user
        self.group = group
    }
}

/// A name and a value attached to a file, such as `security.capability`.
public struct ExtendedAttribute: Hashable, Sendable {
    /// The whole name, with its namespace.
    public let name: String
    /// The bytes.
    public let value: [UInt8]

    /// Describes an attribute.
    public init(name: String, value: [UInt8]) {
        self.name = name
        self.value = value
    }
}
