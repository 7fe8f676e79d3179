/// Bytes within bytes, in time linear in both. Knuth, Morris, Pratt, "Fast Pattern Matching in Strings".
struct SubstringSearch {
    private let wanted: [UInt8]
    /// For each count of bytes that matched, how many of them match again when the next does not.
    private var borders: [Int] = [0]

    /// Prepares to search for these bytes.
    init(_ wanted: [UInt8]) {
        self.wanted = wanted
        var border = 0
        for byte in wanted.dropFirst() {
            border = matched(after: border, then: byte)
            borders.append(border)
        }
    }

    /// Whether they occur in the text. No bytes occur in every text.
    func found(in text: some Sequence<UInt8>) -> Bool {
        if wanted.isEmpty { return true }
        var count = 0
        for byte in text {
            count = matched(after: count, then: byte)
            if count == wanted.count { return true }
        }
        return false
    }

    private func matched(after count: Int, then byte: UInt8) -> Int {
        var count = count
        while count > 0, wanted[count] != byte { count = borders[count - 1] }
        return wanted[count] == byte ? count + 1 : 0
    }
}

extension Collection where Element == UInt8 {
    /// Whether the bytes occur in these, one after the other.
    func containsSequence(_ wanted: [UInt8]) -> Bool {
        let search = SubstringSearch(wanted)
        return withContiguousStorageIfAvailable { search.found(in: $0) } ?? search.found(in: self)
    }
}
