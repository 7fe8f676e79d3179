import CLinux

/// Many patterns, searched for at once: a secret of a hundred lines costs no more than one of a word.
struct PatternSet {
    private let byStart: [UInt32: [SecretPatterns.Pattern]]
    /// One bit for each hash of the first four bytes of a pattern.
    private let filter: [UInt8]
    /// The length of the longest, in bytes; 0 without any.
    let longest: Int

    init(_ patterns: [SecretPatterns.Pattern]) {
        var filter = [UInt8](repeating: 0, count: Int(CLINUX_FILTER_BITS) / 8)
        for pattern in patterns {
            let bit = Int(clinux_filter_place(pattern.bytes))
            filter[bit >> 3] |= 1 << UInt8(bit & 7)
        }
        self.filter = filter
        byStart = Dictionary(grouping: patterns) { clinux_filter_place($0.bytes) }
        longest = patterns.map(\.bytes.count).max() ?? 0
    }

    /// The first pattern that is in a text.
    func first(in text: UnsafeRawBufferPointer) -> SecretPatterns.Pattern? {
        guard longest > 0 else { return nil }
        var place = 0
        while case let found = clinux_find_candidate(text.baseAddress, text.count, place, filter), found >= 0 {
            let rest = UnsafeRawBufferPointer(rebasing: text[found...])
            if let pattern = byStart[clinux_filter_place(rest.baseAddress)]?.first(where: {
                rest.starts(with: $0.bytes)
            }) {
                return pattern
            }
            place = found + 1
        }
        return nil
    }
}
