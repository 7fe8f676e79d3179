import BakeModel

/// How two roots differ: their files and their packages.
public struct RootDifference: Sendable {
    /// The paths that differ, in the order of a walk.
    public let files: [FileChange]
    /// The Debian packages that differ; not looked at where only a part is compared.
    public let packages: [PackageChange]
    /// How many of the lowest layers both have: they were read once, or not at all.
    public let sharedLayers: Int

    /// The bytes of text that are compared line by line at most, over all files. 64 MiB.
    private static let mostText = 64 << 20
    private static let longestNotes = 64 << 20

    /// Compares two roots.
    /// - Parameters:
    ///   - subtree: only this path and what lies below it.
    ///   - withText: whether the lines of texts are compared; else nothing is read twice.
    public init(
        from old: ComparedRoot, to new: ComparedRoot, below subtree: TreePath = .root, withText: Bool = true
    ) throws {
        let shared = zip(old.layers, new.layers).prefix { $0.diffID == $1.diffID }.count
        sharedLayers = shared
        // The same tars in the same order are the same root.
        if shared > 0, shared == old.layers.count, shared == new.layers.count {
            files = []
            packages = []
            return
        }
        let base = shared > 0 ? try old.index(layersFrom: 0, through: shared, over: RootIndex()) : RootIndex()
        let before = try old.index(layersFrom: shared, over: base)
        let after = try new.index(layersFrom: shared, over: base)
        let changes = Self.changes(before, after, shared: shared)
        packages = try !subtree.isRoot ? [] : Self.packages(changes, before, after, (old, new))
        let wanted = changes.filter { $0.path.relative(to: subtree) != nil }
        files = withText ? try Self.withText(wanted, old, new) : wanted
    }

    private static func changes(_ before: RootIndex, _ after: RootIndex, shared: Int) -> [FileChange] {
        var changes: [FileChange] = []
        for (path, old) in before.entries {
            let new = after.entries[path]
            // What both have from one layer cannot differ.
            if let new, old.layer == new.layer, old.layer < shared { continue }
            FileChange(path, from: old, to: new).map { changes.append($0) }
        }
        for (path, new) in after.entries where before.entries[path] == nil {
            FileChange(path, from: nil, to: new).map { changes.append($0) }
        }
        return changes.sorted { $0.path < $1.path }
    }
}

extension RootDifference {
    private static func withText(
        _ changes: [FileChange], _ old: ComparedRoot, _ new: ComparedRoot
    ) throws -> [FileChange] {
        var rest = mostText
        let compared = Set(
            changes.filter { change in
                let sizes = [change.before, change.after].compactMap { $0?.content == nil ? nil : $0?.size }
                let differs = change.before == nil || change.after == nil || change.aspects.contains(.content)
                guard differs, !sizes.isEmpty, sizes.allSatisfy({ $0 <= UInt64(TextDifference.longestText) }) else {
                    return false
                }
                rest -= Int(sizes.reduce(0, +))
                return rest >= 0
            }.map(\.path))
        let files = changes.filter { compared.contains($0.path) }
        let before = try old.contents(of: files.compactMap(\.before), limit: TextDifference.longestText)
        let after = try new.contents(of: files.compactMap(\.after), limit: TextDifference.longestText)
        return changes.map { change in
            guard compared.contains(change.path) else { return change }
            var change = change
            change.text = TextDifference(from: before[change.path] ?? [], to: after[change.path] ?? [])
            return change
        }
    }

    /// Reads dpkg's notes of both sides, unless they are the same.
    private static func packages(
        _ changes: [FileChange], _ before: RootIndex, _ after: RootIndex, _ roots: (ComparedRoot, ComparedRoot)
    ) throws -> [PackageChange] {
        guard changes.contains(where: { isNote($0.path) }) else { return [] }
        return PackageChange.all(from: try installed(before, roots.0), to: try installed(after, roots.1))
    }

    private static func installed(_ index: RootIndex, _ root: ComparedRoot) throws -> [PackageNotes.Package] {
        let notes = index.entries.filter { isNote($0.key) }.sorted { $0.key < $1.key }.map(\.value)
        let texts = try root.contents(of: notes, limit: longestNotes)
        return notes.flatMap { PackageNotes(parsing: texts[$0.entry.path] ?? []).packages }
    }

    private static let notes = Array("var/lib/dpkg/status".utf8)

    private static func isNote(_ path: TreePath) -> Bool {
        guard path.bytes.starts(with: notes) else { return false }
        let rest = path.bytes.dropFirst(notes.count)
        let isListOfSums = rest.reversed().starts(with: ".md5sums".utf8.reversed())
        return rest.isEmpty || rest.starts(with: ".d/".utf8) && !isListOfSums
    }
}
