/// Misspelt words: which known word was probably meant.
public enum Spelling {
    /// The known word nearest to `word`, of equally near ones the first; else the only one that begins with it; nil where
    /// none is near enough to be meant.
    public static func closest(to word: String, in known: some Sequence<String>) -> String? {
        let limit = max(1, word.unicodeScalars.count / 3)
        var best: (word: String, distance: Int)?
        for candidate in known {
            let distance = distance(word, candidate)
            if distance <= limit, distance < (best?.distance ?? .max) { best = (candidate, distance) }
        }
        return best?.word ?? completion(of: word, in: known)
    }

    private static func completion(of word: String, in known: some Sequence<String>) -> String? {
        guard word.unicodeScalars.count > 2 else { return nil }
        let fitting = known.filter { $0.hasPrefix(word) }
        return fitting.count == 1 ? fitting.first : nil
    }

    /// The `did you mean` that messages show; nil where nothing is near enough.
    public static func suggestion(for word: String, in known: some Sequence<String>) -> String? {
        closest(to: word, in: known).map { "did you mean \"\($0)\"?" }
    }

    /// How many letters must be inserted, left out, replaced or swapped with their neighbour: the restricted
    /// Damerau–Levenshtein distance. Words of more than 64 letters are never near.
    static func distance(_ left: String, _ right: String) -> Int {
        let (a, b) = (Array(left.unicodeScalars), Array(right.unicodeScalars))
        guard a.count <= 64, b.count <= 64 else { return .max }
        var older: [Int] = []
        var above = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var cost = min(above[j + 1] + 1, row[j] + 1, above[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, older[j - 1] + 1) }
                row.append(cost)
            }
            (older, above) = (above, row)
        }
        return above[b.count]
    }
}
