import BakeModel
import Glibc

/// The Debian packages of an image, as dpkg notes them: `/var/lib/dpkg/status`, and for images without dpkg the files
/// of `status.d`.
struct PackageDatabase {
    /// A paragraph of the status file.
    struct Package: Hashable {
        let name: String
        let architecture: String
        let version: String
        /// Whether dpkg calls it installed, and not removed with its configuration left, or half installed.
        let isInstalled: Bool
    }

    /// The paragraphs, in the file's order.
    let packages: [Package]

    /// Reads what the image notes; nothing noted is no package.
    init(_ root: ImageRoot) throws {
        var texts = [try root.contentsIfPresent(of: "/var/lib/dpkg/status") ?? []]
        for name in try root.names(in: "/var/lib/dpkg/status.d") where !name.hasSuffix(".md5sums") {
            texts.append(try root.contents(of: "/var/lib/dpkg/status.d/\(name)"))
        }
        packages = texts.flatMap(Self.paragraphs)
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

    private static func paragraphs(_ text: [UInt8]) -> [Package] {
        var packages: [Package] = []
        var fields: [String: String] = [:]
        for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if line.isEmpty {
                package(fields).map { packages.append($0) }
                fields = [:]
            } else if let (name, value) = field(line) {
                fields[name] = value
            }
        }
        package(fields).map { packages.append($0) }
        return packages
    }

    /// One of the four fields that matter; nil for others and for continued lines.
    private static func field(_ line: ArraySlice<UInt8>) -> (String, String)? {
        for name in ["Package", "Status", "Architecture", "Version"] where line.starts(with: "\(name): ".utf8) {
            let value = String(decoding: line.dropFirst(name.utf8.count + 2), as: UTF8.self)
            return (name, String(value.reversed().drop(while: \.isWhitespace).reversed()))
        }
        return nil
    }

    private static func package(_ fields: [String: String]) -> Package? {
        guard let name = fields["Package"], let version = fields["Version"] else { return nil }
        // The files of status.d have no Status: what they describe is there.
        let status = fields["Status"] ?? "install ok installed"
        return Package(
            name: name, architecture: fields["Architecture"] ?? "", version: version,
            isInstalled: ["install ok installed", "hold ok installed"].contains(status))
    }
}
