import BakeModel

/// One line of a git tree: a name and the object under it.
public struct TreeItem: Hashable, Sendable {
    /// What git keeps of a file's mode.
    public enum Mode: Hashable, Sendable {
        /// A file, 100644 (or 100664, which git once wrote).
        case regular
        /// A file with the executable bit, 100755.
        case executable
        /// A symbolic link, 120000; the blob is its target.
        case symlink
        /// A directory, 40000.
        case directory
        /// A commit of another repository, 160000.
        case submodule

        init?(number: UInt32) {
            switch number {
            case 0o100644, 0o100664: self = .regular
            case 0o100755: self = .executable
            case 0o120000: self = .symlink
            case 0o040000: self = .directory
            case 0o160000: self = .submodule
            default: return nil
            }
        }
    }

    /// What it is.
    public let mode: Mode
    /// The name, as bytes: one part of a path, never `.`, `..` or a spelling of `.git`.
    public let name: [UInt8]
    /// The object.
    public let object: ObjectID
}
