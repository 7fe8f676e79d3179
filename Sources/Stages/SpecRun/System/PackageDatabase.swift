import BakeModel
import Glibc

/// The Debian packages of an image, as dpkg notes them: `/var/lib/dpkg/status`, and for images without dpkg the files
/// of `status.d`.
struct PackageDatabase {
    /// The paragraphs, in the file's order.
    let packages: [PackageNotes.Package]

    private static let status = "/var/lib/dpkg/status"
    private static let directory = "/var/lib/dpkg/status.d"
    /// Where other package managers note theirs.
    private static let others = [
        ("apk", "/lib/apk/db/installed"), ("apk", "/usr/lib/apk/db/installed"), ("rpm", "/var/lib/rpm"),
        ("rpm", "/usr/lib/sysimage/rpm"),
    ]

    /// Reads what the image notes.
    /// - Throws: `StateError` where it has no database: that is not the same as no package.
    init(_ root: any ImageRoot) throws {
        guard try [Self.status, Self.directory].contains(where: { try root.status(of: $0) != nil }) else {
            let other = try Self.others.first { try root.status(of: $0.1) != nil }.map { ", but one of \($0.0)" }
            throw StateError(subject: Self.status, reason: "the image has no dpkg database\(other ?? "")")
        }
        var texts = [try root.contentsIfPresent(of: Self.status) ?? []]
        for name in try root.names(in: Self.directory) where !name.hasSuffix(".md5sums") {
            texts.append(try root.contents(of: "\(Self.directory)/\(name)"))
        }
        packages = texts.flatMap { PackageNotes(parsing: $0).packages }
    }

    /// The versions of the installed packages that match a name, `NAME:ARCHITECTURE`, or a pattern as dpkg-query(1)
    /// takes it.
    func versions(of pattern: String) -> [String] {
        let parts = pattern.split(separator: ":", maxSplits: 1).map(String.init)
        guard let name = parts.first else { return [] }
        return packages.filter { package in
            package.isInstalled && fnmatch(name, package.name, 0) == 0
                && (parts.count == 1 || parts[1] == package.architecture)
        }.map(\.version)
    }
}
