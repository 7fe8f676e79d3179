/// What `semver-constraint` says: `>=1.2, <2 || ^3.1`, `~1.2.3`, `1.2.x`, `1.2 - 1.4`. goss takes blang/semver's ranges;
/// Sprig takes Masterminds/semver's, which have the rest.
struct VersionConstraint: Hashable, Sendable {
    /// One of these must hold whole.
    private let alternatives: [[Bound]]

    fileprivate struct Bound: Hashable {
        let sign: String
        let version: SemanticVersion
    }

    /// Reads a constraint; nil for anything else.
    init?(_ text: String) {
        var alternatives: [[Bound]] = []
        for part in text.split(separator: "||", omittingEmptySubsequences: false) {
            guard let bounds = Self.bounds(String(part)) else { return nil }
            alternatives.append(bounds)
        }
        self.alternatives = alternatives
    }

    /// Whether a version is within.
    func admits(_ version: SemanticVersion) -> Bool {
        alternatives.contains { $0.allSatisfy { $0.admits(version) } }
    }

    private static func bounds(_ text: String) -> [Bound]? {
        let words = text.split { $0 == " " || $0 == "," }
        guard !words.isEmpty else { return nil }
        if words.count == 3, words[1] == "-", let low = SemanticVersion(String(words[0])),
            let high = SemanticVersion(String(words[2]))
        {
            return [Bound(sign: ">=", version: low), Bound(sign: "<=", version: high)]
        }
        var bounds: [Bound] = []
        var sign = ""
        for word in words {
            let ownSign = word.prefix { "<>=!~^".contains($0) }
            let rest = word.dropFirst(ownSign.count)
            if rest.isEmpty, sign.isEmpty {
                sign = String(ownSign)
                continue
            }
            guard let some = range(sign + ownSign, String(rest)) else { return nil }
            bounds += some
            sign = ""
        }
        return sign.isEmpty ? bounds : nil
    }

    private static func range(_ sign: String, _ text: String) -> [Bound]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let known = parts.prefix { !["x", "X", "*"].contains($0) }
        if known.isEmpty { return ["", "=", ">=", "<=", "~", "^"].contains(sign) ? [] : nil }
        guard let version = SemanticVersion(known.joined(separator: ".")) else { return nil }
        let isWild = known.count < parts.count
        switch sign {
        case "", "=", "==":
            return isWild || (sign == "" && version.parts < 3)
                ? between(version, version.next(version.parts)) : [Bound(sign: "=", version: version)]
        case "!=", "!": return [Bound(sign: "!=", version: version)]
        case ">", "<": return [Bound(sign: sign, version: version)]
        case ">=", "=>": return [Bound(sign: ">=", version: version)]
        case "<=", "=<": return [Bound(sign: "<=", version: version)]
        case "~", "~>": return between(version, version.next(min(2, version.parts)))
        case "^": return between(version, version.next(version.major > 0 ? 1 : version.minor > 0 ? 2 : version.parts))
        default: return nil
        }
    }

    private static func between(_ low: SemanticVersion, _ high: SemanticVersion) -> [Bound] {
        [Bound(sign: ">=", version: low), Bound(sign: "<", version: high)]
    }
}

extension VersionConstraint.Bound {
    fileprivate func admits(_ found: SemanticVersion) -> Bool {
        switch sign {
        case ">": found > version
        case ">=": found >= version
        case "<": found < version
        case "<=": found <= version
        case "!=": found < version || version < found
        default: !(found < version) && !(version < found)
        }
    }
}

extension SemanticVersion {
    /// The first version beyond all that begin with the same numbers.
    fileprivate func next(_ count: Int) -> SemanticVersion {
        switch count {
        case 1: SemanticVersion(Self.successor(of: major), 0, 0)
        case 2: SemanticVersion(major, Self.successor(of: minor), 0)
        default: SemanticVersion(major, minor, Self.successor(of: patch))
        }
    }

    /// The largest number has none but itself.
    private static func successor(of number: Int) -> Int { number == .max ? number : number + 1 }
}
