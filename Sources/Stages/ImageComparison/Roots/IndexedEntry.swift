import BakeModel

/// What stands at a path of a root, with the digest of its bytes: enough to compare without reading again.
public struct IndexedEntry: Hashable, Sendable {
    /// The kind, mode, owner and attributes; a hard link has those of its file.
    public let entry: TreeEntry
    /// The digest of a regular file's bytes; nil for everything else.
    public let content: Digest?
    /// Which layer brought it, counted from the lowest; 0 in a directory.
    public let layer: Int
    /// Which entry of its layer has the bytes.
    let number: Int

    /// How many bytes a regular file has; 0 for everything else.
    public var size: UInt64 {
        if case .regular(let size) = entry.kind { size } else { 0 }
    }

    /// This file under another name.
    func linked(at path: TreePath) -> IndexedEntry {
        var copy = entry
        copy.path = path
        return IndexedEntry(entry: copy, content: content, layer: layer, number: number)
    }
}
