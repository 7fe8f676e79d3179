import BakeModel
import GitRepository

/// Which paths a person may have meant by one that is not there.
enum NearMisses {
    /// At most three: spelt otherwise in case or by two letters, or of the same name in another directory.
    static func of(_ text: String, in tree: CommittedTree) -> [TreePath] {
        guard let wanted = try? TreePath(cleaning: text), !wanted.isRoot, wanted.bytes.count <= 200 else { return [] }
        let candidates = Set(tree.files.prefix(20_000).flatMap { [$0.path, $0.path.parent] }).filter { !$0.isRoot }
        let ranked = candidates.compactMap { path in rank(path, wanted).map { (path: path, rank: $0) } }
        return ranked.sorted { ($0.rank, $0.path) < ($1.rank, $1.path) }.prefix(3).map(\.path)
    }

    private static func rank(_ path: TreePath, _ wanted: TreePath) -> Int? {
        let distance = distance(lowerCase(path.bytes), lowerCase(wanted.bytes), limit: 2)
        if let distance { return distance }
        return lowerCase(Array(path.name)) == lowerCase(Array(wanted.name)) ? 3 : nil
    }

    private static func lowerCase(_ bytes: [UInt8]) -> [UInt8] {
        bytes.map { (0x41...0x5a).contains($0) ? $0 + 0x20 : $0 }
    }

    /// How many bytes must be added, removed or replaced (Levenshtein); nil above the limit.
    private static func distance(_ left: [UInt8], _ right: [UInt8], limit: Int) -> Int? {
        guard abs(left.count - right.count) <= limit else { return nil }
        var previous = Array(0...right.count)
        for (row, byte) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                let replaced = previous[column] + (byte == other ? 0 : 1)
                current.append(min(replaced, previous[column + 1] + 1, current[column] + 1))
            }
            guard current.contains(where: { $0 <= limit }) else { return nil }
            previous = current
        }
        return previous[right.count] <= limit ? previous[right.count] : nil
    }
}
