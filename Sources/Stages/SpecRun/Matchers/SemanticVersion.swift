/// A version `1.2.3-rc.1+build`, also `v1` and `1.2`, as lenient as Masterminds/semver. semver.org 2.0.0 for the order.
struct SemanticVersion: Hashable, Sendable {
    let major: Int
    let minor: Int
    let patch: Int
    /// The identifiers after the hyphen.
    let prerelease: [String]
    /// What follows the plus; it does not count in the order.
    let metadata: String
    /// How many numbers were written: `1.2` has 2.
    let parts: Int

    /// Reads a version; nil for anything else.
    init?(_ text: String) {
        var rest = text.hasPrefix("v") ? text.dropFirst() : Substring(text)
        let plus = rest.firstIndex(of: "+")
        metadata = plus.map { String(rest[rest.index(after: $0)...]) } ?? ""
        rest = rest[..<(plus ?? rest.endIndex)]
        let hyphen = rest.firstIndex(of: "-")
        let identifiers = hyphen.map {
            rest[rest.index(after: $0)...].split(separator: ".", omittingEmptySubsequences: false)
        }
        prerelease = identifiers?.map(String.init) ?? []
        let numbers = rest[..<(hyphen ?? rest.endIndex)].split(separator: ".", omittingEmptySubsequences: false)
        let values = numbers.compactMap { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int($0) : nil }
        let isPlain: (String) -> Bool = { text in
            !text.isEmpty
                && text.utf8.allSatisfy {
                    $0 == 0x2d || (0x30...0x39).contains($0) || (0x41...0x5a).contains($0 & 0xdf)
                }
        }
        guard (1...3).contains(numbers.count), values.count == numbers.count, prerelease.allSatisfy(isPlain),
            plus == nil
                || metadata.split(separator: ".", omittingEmptySubsequences: false).map(String.init).allSatisfy(isPlain)
        else { return nil }
        parts = values.count
        (major, minor, patch) = (values[0], values.count > 1 ? values[1] : 0, values.count > 2 ? values[2] : 0)
    }

    /// A version of three numbers.
    init(_ major: Int, _ minor: Int, _ patch: Int) {
        (self.major, self.minor, self.patch) = (major, minor, patch)
        (prerelease, metadata, parts) = ([], "", 3)
    }
}

extension SemanticVersion: Comparable {
    static func < (left: SemanticVersion, right: SemanticVersion) -> Bool {
        let numbers = ((left.major, left.minor, left.patch), (right.major, right.minor, right.patch))
        if numbers.0 != numbers.1 { return numbers.0 < numbers.1 }
        if left.prerelease.isEmpty || right.prerelease.isEmpty {
            return !left.prerelease.isEmpty && right.prerelease.isEmpty
        }
        for (one, other) in zip(left.prerelease, right.prerelease) where one != other {
            switch (Int(one), Int(other)) {
            case (let one?, let other?): return one < other
            case (nil, nil): return one.utf8.lexicographicallyPrecedes(other.utf8)
            case (let one, _): return one != nil
            }
        }
        return left.prerelease.count < right.prerelease.count
    }
}
