/// Which versions of a package are asked for: `openssl`, `openssl<3.0.15`, `openssl>=3`, `openssl=3.0.14-1~deb12u2`.
public struct PackageQuestion: Hashable, Sendable, CustomStringConvertible {
    /// The package's name.
    public let name: String
    private let relation: Relation?
    private let version: DebianVersion?

    /// How a version stands to the one that is named. Debian's own spellings `<<` and `>>` are taken for `<` and `>`.
    private enum Relation: String, CaseIterable {
        case earlierOrEqual = "<="
        case laterOrEqual = ">="
        case strictlyEarlier = "<<"
        case strictlyLater = ">>"
        case earlier = "<"
        case later = ">"
        case equal = "="
    }

    /// The spellings, as shown in messages.
    public static let explanation =
        "a package is asked for as in openssl, 'openssl<3.0.15', 'openssl>=3.0', 'openssl=3.0.14-1~deb12u2'; "
        + "its name has lower-case letters, digits, +, - and . (Debian Policy 5.6.7)"

    /// Reads a question; nil where there is no name that a Debian package may have, or no version behind a relation: what
    /// no package can be called is found nowhere, and that would be no answer.
    public init?(_ text: String) {
        let name = text.prefix { !"<>=".contains($0) }
        let rest = text[name.endIndex...]
        guard DebianGrammar.isPackageName(name) else { return nil }
        self.name = String(name)
        guard !rest.isEmpty else {
            relation = nil
            version = nil
            return
        }
        guard let relation = Relation.allCases.first(where: { rest.hasPrefix($0.rawValue) }),
            let version = DebianVersion(rest.dropFirst(relation.rawValue.count)), Self.isNumbered(version.text)
        else { return nil }
        self.relation = relation
        self.version = version
    }

    /// Whether it is a version that begins with a digit: a typo would be compared with everything, and found everywhere.
    private static func isNumbered(_ version: String) -> Bool {
        DebianGrammar.isVersion(version) && version.utf8.first.map { (0x30...0x39).contains($0) } == true
    }

    public var description: String { "\(name)\(relation?.rawValue ?? "")\(version?.text ?? "")" }

    /// Whether a version is asked for. One that dpkg would not take is, wherever versions matter: better named than missed.
    public func takes(_ text: String) -> Bool {
        guard let relation, let version, let found = DebianVersion(text) else { return true }
        return switch relation {
        case .earlierOrEqual: found <= version
        case .laterOrEqual: found >= version
        case .strictlyEarlier, .earlier: found < version
        case .strictlyLater, .later: found > version
        case .equal: found == version
        }
    }
}
