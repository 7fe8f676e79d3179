/// The Debian packages that dpkg's notes name: `/var/lib/dpkg/status`, or a file of `status.d`. deb822(5).
public struct PackageNotes: Hashable, Sendable {
    /// A paragraph of the notes.
    public struct Package: Hashable, Sendable {
        /// The package's name.
        public let name: String
        /// The architecture it was built for; empty where it is not noted.
        public let architecture: String
        /// Its version.
        public let version: String
        /// Whether dpkg calls it installed, and not removed with its configuration left, or half installed.
        public let isInstalled: Bool

        init(name: String, architecture: String, version: String, isInstalled: Bool) {
            self.name = name
            self.architecture = architecture
            self.version = version
            self.isInstalled = isInstalled
        }

        /// A package that is there.
        public init(installed name: String, version: String, architecture: String) {
            self.init(name: name, architecture: architecture, version: version, isInstalled: true)
        }
    }

    /// The paragraphs, in the file's order.
    public let packages: [Package]

    /// Reads the text of a file; paragraphs without name or version are passed over.
    public init(parsing text: [UInt8]) {
        var packages: [Package] = []
        var fields: [String: String] = [:]
        for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if line.isEmpty {
                Self.package(fields).map { packages.append($0) }
                fields = [:]
            } else if let (name, value) = Self.field(line) {
                fields[name] = value
            }
        }
        Self.package(fields).map { packages.append($0) }
        self.packages = packages
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
            // The first word is what is wanted, the last what is.
            isInstalled: status.hasSuffix(" installed"))
    }
}
