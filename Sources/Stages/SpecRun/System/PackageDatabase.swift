import BakeModel
import Glibc

/// The Debian packages of an image, as dpkg notes them: `/var/lib/dpkg/status`, and for images without dpkg the files
/// of `status.d`.
struct PackageDatabase {
    /// The paragraphs, in the file's order.
    let packages: [PackageNotes.Package]

    /// Reads what the image notes; nothing noted is no package.
    init(_ root: ImageRoot) throws {
        var texts = [try root.contentsIfPresent(of: "/var/lib/dpkg/status") ?? []]
        for name in try root.names(in: "/var/lib/dpkg/status.d") where !name.hasSuffix(".md5sums") {
            texts.append(try root.contents(of: "/var/lib/dpkg/status.d/\(name)"))
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
