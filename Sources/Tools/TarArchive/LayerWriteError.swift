import BakeModel

/// Why a layer could not be written. Errors of the output descriptor and of the content come as they are.
public enum LayerWriteError: ExplainedError, Hashable {
    /// The entry does not follow the one before it in the order of `TreePath`.
    case outOfOrder(TreePath, after: TreePath)
    /// The path came twice.
    case duplicate(TreePath)
    /// The path lies below something that is no directory.
    case belowFile(TreePath)
    /// The root is no directory.
    case rootNotDirectory
    /// A hard link's target does not come before it.
    case linkForward(TreePath, to: TreePath)
    /// A symbolic link's target is empty, too long or contains a NUL byte.
    case badTarget(TreePath)
    /// An attribute's name is empty or contains `=` or NUL, which pax records cannot hold, or is there twice.
    case badAttribute(TreePath, name: String)
    /// A regular file without content, or another kind with it.
    case contentMismatch(TreePath)
    /// The content has fewer or more bytes than the entry says.
    case wrongSize(TreePath, expected: UInt64)
    /// The layer is finished, or an earlier entry failed.
    case closed
    /// libarchive failed, in its own words.
    case library(String, subject: String)
    /// The machine's C library lacks the locale that names are written under.
    case noLocale
    /// Memory for the encoder is short.
    case outOfMemory

    public var doing: String { "write to the layer" }

    public var subject: String {
        switch self {
        case .outOfOrder(let path, _), .duplicate(let path), .belowFile(let path), .linkForward(let path, _),
            .badTarget(let path), .badAttribute(let path, _), .contentMismatch(let path), .wrongSize(let path, _):
            path.description
        case .rootNotDirectory: "the root"
        case .library(_, let subject): subject
        case .closed, .outOfMemory, .noLocale: "its next entry"
        }
    }

    public var reason: String {
        switch self {
        case .outOfOrder(_, let previous): "it belongs before \(previous), which is written already"
        case .duplicate: "it is there already"
        case .belowFile: "its parent is not a directory"
        case .rootNotDirectory: "it must be a directory"
        case .linkForward(_, let target): "its target \(target) does not come before it"
        case .badTarget: "a symbolic link's target has 1 to 4,095 bytes and no NUL"
        case .badAttribute(_, let name): "a layer cannot hold the extended attribute '\(name)'"
        case .contentMismatch: "regular files, and only they, have content"
        case .wrongSize(_, let expected): "its content is not \(expected) bytes long; did it change meanwhile?"
        case .closed: "the layer is finished or has failed"
        case .library(let text, _): text
        case .noLocale: "the machine has no locale C.UTF-8"
        case .outOfMemory: "memory is short"
        }
    }

    public var hint: String? { self == .noLocale ? "as root: apt-get install --reinstall libc-bin" : nil }
}
