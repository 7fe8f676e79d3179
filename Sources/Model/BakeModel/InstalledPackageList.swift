/// The Debian packages of an image, as a store keeps them for questions: a line each, sorted, so that images with the same
/// packages have the same list.
public struct InstalledPackageList: Hashable, Sendable {
    /// A package.
    public struct Item: Hashable, Sendable, Comparable {
        /// Its name.
        public let name: String
        /// Its version.
        public let version: String
        /// Its architecture.
        public let architecture: String

        /// Describes a package.
        public init(name: String, version: String, architecture: String) {
            self.name = name
            self.version = version
            self.architecture = architecture
        }

        public static func < (left: Item, right: Item) -> Bool {
            (left.name, left.architecture, left.version) < (right.name, right.architecture, right.version)
        }
    }

    /// The packages, sorted by name.
    public let items: [Item]

    /// Takes packages in any order.
    public init(_ items: [Item]) { self.items = items.sorted() }

    /// The list as text.
    public var bytes: [UInt8] {
        Array(items.map { "\($0.name)\t\($0.version)\t\($0.architecture)\n" }.joined().utf8)
    }

    /// Reads what `bytes` wrote; nil for anything else.
    public init?(_ bytes: [UInt8]) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        items = lines.compactMap { line in
            let words = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
                .map { String(decoding: $0, as: UTF8.self) }
            return words.count == 3 ? Item(name: words[0], version: words[1], architecture: words[2]) : nil
        }
        if items.count != lines.count { return nil }
    }
}
