import BakeModel

/// Where the files of one rule of `add:` land.
///
/// `dir/` means its contents. A glob's files keep their path below the part of the pattern that has no wildcard.
/// Anything else lands in the destination where that ends with a slash, and becomes it where it does not.
public struct AddPlacement {
    let destination: TreePath
    let intoDirectory: Bool
    /// The path that the source names, or the part of a glob without wildcards.
    let named: TreePath
    /// Whether what is below `named` is copied, and not `named` itself.
    let contents: Bool

    /// Reads a rule's source and destination.
    public init(_ rule: AddRule) throws(TreePath.Fault) {
        destination = rule.destination
        intoDirectory = rule.intoDirectory
        switch rule.source {
        case .text:
            named = .root
            contents = false
        case .stage(_, let path):
            named = path.path
            contents = path.contents
        case .checkout(let pattern):
            named = try Self.fixedPart(of: pattern)
            contents = pattern.contents || pattern.isGlob
        }
    }

    /// Where a file of the source lands; nil where the source does not name it.
    public func target(of path: TreePath) -> TreePath? {
        guard let below = path.relative(to: named) else { return nil }
        if contents { return destination.appending(below) }
        let base = intoDirectory ? path.relative(to: named.parent) : below
        return base.map(destination.appending)
    }

    private static func fixedPart(of pattern: PathPattern) throws(TreePath.Fault) -> TreePath {
        guard pattern.isGlob else { return try TreePath(cleaning: pattern.text) }
        let parts = pattern.text.utf8.split(separator: UInt8(ascii: "/"))
        let wild = [UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "[")]
        let fixed = parts.prefix { !$0.contains(where: wild.contains) }
        return try TreePath(cleaning: Array(fixed.joined(separator: [UInt8(ascii: "/")])))
    }
}
