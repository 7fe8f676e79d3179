import BakeModel

/// Why a tree could not be written, read or packed.
public enum TreeError: ExplainedError, Hashable {
    /// A device node, which no layer of bake's may have.
    case deviceNode(TreePath)
    /// A file whose name says "whiteout" in a layer.
    case reservedName(TreePath)
    /// A user or group that the namespace does not have.
    case ownerOutOfRange(TreePath, Owner)
    /// More directories below each other than are walked.
    case tooDeep(TreePath)
    /// A hard link to what is no file of this tree.
    case brokenHardLink(TreePath, to: TreePath)
    /// An entry that would replace the root by something else than a directory.
    case rootReplaced
    /// A file whose size changed while it was read.
    case changedWhileRead(TreePath)
    /// A path that should have been made, and was not.
    case missing(TreePath)

    public var doing: String {
        switch self {
        case .deviceNode, .reservedName, .changedWhileRead: "pack"
        case .ownerOutOfRange, .brokenHardLink, .rootReplaced: "unpack"
        case .tooDeep: "walk"
        case .missing: "take"
        }
    }

    public var subject: String {
        switch self {
        case .deviceNode(let path), .reservedName(let path), .ownerOutOfRange(let path, _), .tooDeep(let path),
            .brokenHardLink(let path, _), .changedWhileRead(let path), .missing(let path):
            "/\(path)"
        case .rootReplaced: "/"
        }
    }

    public var reason: String {
        switch self {
        case .deviceNode: "it is a device node, and layers hold none"
        case .reservedName: "names that begin with .wh. mean deletions in a layer"
        case .ownerOutOfRange(_, let owner):
            "its owner is \(owner.user):\(owner.group), and users and groups above 65535 are not supported"
        case .tooDeep: "there are more than \(TreeWalk.depthLimit) directories below each other"
        case .brokenHardLink(_, let target): "it is a hard link to /\(target), which is no file of this layer"
        case .rootReplaced: "the root must be a directory"
        case .changedWhileRead: "its size changed while it was read"
        case .missing: "it does not exist"
        }
    }

    public var hint: String? {
        switch self {
        case .deviceNode(let path): "remove it at the end of the command: rm /\(path)"
        default: nil
        }
    }

    /// Where a stage's output is missing, the stage has failed, whatever this says.
    public var exit: ExitCode { if case .missing = self { .notFound } else { .failed } }
}
