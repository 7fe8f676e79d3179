import BakeModel
import LinuxSystem

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
        // The two sides know nothing of each other: each is read by a thread of its own.
        let earlier = Worker { try old.index(layersFrom: shared, over: base) }
        let after = try new.index(layersFrom: shared, over: base)
        let before = try earlier.result()
        let all = Self.changes(before, after, shared: shared)
        let wanted = all.filter { $0.path.relative(to: subtree) != nil }
        let texts = withText ? Self.texts(among: wanted) : []
        let hasPackages = subtree.isRoot && all.contains { Self.isNote($0.path) }
        let notes = [before, after].map { hasPackages ? Self.notes(in: $0) : [] }
        let oldFiles = notes[0] + texts.compactMap(\.before)
        let newFiles = notes[1] + texts.compactMap(\.after)
        let oldReading = Worker { try old.contents(of: oldFiles, limit: Self.longestNotes) }
        let newBytes = try new.contents(of: newFiles, limit: Self.longestNotes)
        let oldBytes = try oldReading.result()
        packages = PackageChange.all(from: Self.packages(notes[0], oldBytes), to: Self.packages(notes[1], newBytes))
        files = Self.compared(wanted, Set(texts.map(\.path)), oldBytes, newBytes)
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
    /// The changes whose texts are compared: of files that came, went or have other bytes, none of them too long.
    private static func texts(among changes: [FileChange]) -> [FileChange] {
        var rest = mostText
        return changes.filter { change in
            let sizes = [change.before, change.after].compactMap { $0?.content == nil ? nil : $0?.size }
            let differs = change.before == nil || change.after == nil || change.aspects.contains(.content)
            guard differs, !sizes.isEmpty, sizes.allSatisfy({ $0 <= UInt64(TextDifference.longestText) }) else {
                return false
            }
            rest -= Int(sizes.reduce(0, +))
            return rest >= 0
        }
    }

    private static func compared(
        _ changes: [FileChange], _ texts: Set<TreePath>, _ before: [TreePath: [UInt8]], _ after: [TreePath: [UInt8]]
    ) -> [FileChange] {
        changes.map { change in
            guard texts.contains(change.path) else { return change }
            var change = change
            change.text = TextDifference(from: before[change.path] ?? [], to: after[change.path] ?? [])
            return change
        }
    }

    /// dpkg's notes of a root.
    private static func notes(in index: RootIndex) -> [IndexedEntry] {
        index.entries.filter { isNote($0.key) }.sorted { $0.key < $1.key }.map(\.value)
    }

    private static func packages(_ notes: [IndexedEntry], _ bytes: [TreePath: [UInt8]]) -> [PackageNotes.Package] {
        notes.flatMap { PackageNotes(parsing: bytes[$0.entry.path] ?? []).packages }
    }

    private static let status = Array("var/lib/dpkg/status".utf8)

    private static func isNote(_ path: TreePath) -> Bool {
        guard path.bytes.starts(with: status) else { return false }
        let rest = path.bytes.dropFirst(status.count)
        let isListOfSums = rest.reversed().starts(with: ".md5sums".utf8.reversed())
        return rest.isEmpty || rest.starts(with: ".d/".utf8) && !isListOfSums
    }
}
