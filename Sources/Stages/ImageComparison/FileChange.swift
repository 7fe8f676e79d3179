import BakeModel

/// A path of which two roots say different things.
public struct FileChange: Hashable, Sendable {
    /// What about a path can differ.
    public enum Aspect: String, Hashable, Sendable, CaseIterable {
        /// A file became a directory, a link …
        case kind
        /// The permission bits.
        case mode
        /// The numbers of user and group.
        case owner
        /// The bytes of a file.
        case content
        /// Where a symbolic link points.
        case link
        /// Extended attributes.
        case attributes
    }

    /// The path.
    public let path: TreePath
    /// What stood there; nil where nothing did.
    public let before: IndexedEntry?
    /// What stands there; nil where nothing does.
    public let after: IndexedEntry?
    /// What differs, where something stood there and still does.
    public let aspects: [Aspect]
    /// The lines that differ; nil for what is no text, or was not read.
    public internal(set) var text: TextDifference?

    /// Compares what stands at a path; nil where nothing differs.
    init?(_ path: TreePath, from before: IndexedEntry?, to after: IndexedEntry?) {
        aspects = before.flatMap { before in after.map { Self.aspects(before, $0) } } ?? []
        guard before == nil || after == nil || !aspects.isEmpty else { return nil }
        self.path = path
        self.before = before
        self.after = after
    }

    private static func aspects(_ before: IndexedEntry, _ after: IndexedEntry) -> [Aspect] {
        let old = before.entry
        let new = after.entry
        return Aspect.allCases.filter { aspect in
            switch aspect {
            case .kind: old.kind.name != new.kind.name
            case .mode: old.mode != new.mode
            case .owner: old.owner != new.owner
            case .content: before.content != after.content && old.kind.name == new.kind.name
            case .link: old.kind.linkTarget != new.kind.linkTarget && old.kind.name == new.kind.name
            case .attributes: old.attributes != new.attributes
            }
        }
    }
}

extension TreeEntry.Kind {
    /// The kind in one word. Hard links do not come out of an index: they are files there.
    public var name: String {
        switch self {
        case .regular, .hardlink: "file"
        case .directory: "directory"
        case .symlink: "link"
        case .fifo: "pipe"
        }
    }

    /// What a symbolic link points to, as it stands; nil for everything else.
    public var linkTarget: [UInt8]? { if case .symlink(let target) = self { target } else { nil } }
}
