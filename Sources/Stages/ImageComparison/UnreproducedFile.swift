import BakeModel

/// A path in which two builds of the same inputs differ, and why that most likely is.
public struct UnreproducedFile: Hashable, Sendable {
    /// What differs.
    public let change: FileChange
    /// Why its bytes most likely differ; nil where something else than bytes does, or they are too many to compare.
    public let cause: LikelyCause?

    /// Longer files are told without a cause. 16 MiB.
    private static let longest = 16 << 20
    /// So many files, the first, are looked into, and no more bytes of either build: they are in memory together.
    private static let mostRead = 100
    private static let mostBytes: UInt64 = 64 << 20

    /// Compares what two builds made.
    /// - Parameter context: what is known of them.
    /// - Returns: the paths that differ, in the order of a walk; none where only the layers' own shape differs.
    public static func all(
        from first: ComparedRoot, to second: ComparedRoot, _ context: LikelyCause.Context
    ) throws -> [UnreproducedFile] {
        let changes = try RootDifference(from: first, to: second, withText: false).files
        let read = Self.lookedInto(changes)
        let before = try first.contents(of: read.compactMap(\.before), limit: longest)
        let after = try second.contents(of: read.compactMap(\.after), limit: longest)
        return changes.map { change in
            guard let old = before[change.path], let new = after[change.path] else {
                return UnreproducedFile(change: change, cause: Self.cause(ofLink: change, context))
            }
            return UnreproducedFile(change: change, cause: LikelyCause(old, new, context))
        }
    }

    private static func lookedInto(_ changes: [FileChange]) -> [FileChange] {
        var rest = mostBytes
        let read = changes.filter { change in
            let size = max(change.before?.size ?? 0, change.after?.size ?? 0)
            guard change.aspects.contains(.content), size <= longest, size <= rest else { return false }
            rest -= size
            return true
        }
        return Array(read.prefix(mostRead))
    }

    private static func cause(ofLink change: FileChange, _ context: LikelyCause.Context) -> LikelyCause? {
        guard change.aspects.contains(.link), let old = change.before?.entry.kind.linkTarget,
            let new = change.after?.entry.kind.linkTarget
        else { return nil }
        return LikelyCause(old, new, context)
    }

    /// The number of the layer that holds it, in the build that has it, the lowest 0.
    public var layer: Int? { (change.after ?? change.before)?.layer }

    /// What differs, in a few words; not the path.
    public var aspects: String {
        if change.before == nil { return "made the second time only" }
        if change.after == nil { return "made the first time only" }
        return change.aspects.map(\.rawValue).joined(separator: ", ")
    }
}
