import BakeModel

/// A Debian package that came, went, or is of another version.
public struct PackageChange: Hashable, Sendable {
    /// The name; with its architecture where several of one name are there.
    public let name: String
    /// The version that was there; nil where none was.
    public let before: String?
    /// The version that is there; nil where none is.
    public let after: String?

    /// Compares what dpkg notes in two roots. In the order of the names.
    static func all(from old: [PackageNotes.Package], to new: [PackageNotes.Package]) -> [PackageChange] {
        let before = versions(old)
        let after = versions(new)
        return Set(before.keys).union(after.keys).sorted().compactMap { key in
            guard before[key] != after[key] else { return nil }
            let name = key.split(separator: ":", maxSplits: 1).first.map(String.init) ?? key
            let isAlone = [before, after].allSatisfy { $0.keys.count { $0.hasPrefix("\(name):") } <= 1 }
            return PackageChange(name: isAlone ? name : key, before: before[key], after: after[key])
        }
    }

    private static func versions(_ packages: [PackageNotes.Package]) -> [String: String] {
        Dictionary(
            packages.filter(\.isInstalled).map { ("\($0.name):\($0.architecture)", $0.version) },
            uniquingKeysWith: { $1 })
    }
}
