import BakeModel

/// All files of a commit, or of one directory of it.
public struct CommittedTree: Hashable, Sendable {
    /// The tree object that was walked.
    public let root: ObjectID
    /// The files and symbolic links, in the order of their paths. git keeps no empty directories.
    public let files: [CommittedFile]
    /// Where other repositories are linked in. Their files are not read.
    public let submodules: [TreePath]

    /// Describes a tree; files and submodules are in the order of their paths.
    public init(root: ObjectID, files: [CommittedFile], submodules: [TreePath]) {
        self.root = root
        self.files = files
        self.submodules = submodules
    }
}

/// One file of a commit.
public struct CommittedFile: Hashable, Sendable {
    /// Where it is, below the commit's root.
    public let path: TreePath
    /// What it is.
    public let mode: Mode
    /// The blob with its bytes, or with the target of the link.
    public let object: ObjectID

    /// Names a file.
    public init(path: TreePath, mode: Mode, object: ObjectID) {
        self.path = path
        self.mode = mode
        self.object = object
    }

    /// What a file of a commit can be.
    public enum Mode: String, Hashable, Sendable, CustomStringConvertible {
        case regular, executable, symlink

        // Said here because it would be looked up by name for each file of a key.
        public var description: String { rawValue }

        /// The mode of a tree's entry; nil where that is a directory or a submodule.
        public init?(_ mode: TreeItem.Mode) {
            switch mode {
            case .regular: self = .regular
            case .executable: self = .executable
            case .symlink: self = .symlink
            case .directory, .submodule: return nil
            }
        }

        /// The permission bits in an image: 0644, 0755, and 0777 for links.
        public var permissions: UInt16 {
            switch self {
            case .regular: 0o644
            case .executable: 0o755
            case .symlink: 0o777
            }
        }
    }
}
