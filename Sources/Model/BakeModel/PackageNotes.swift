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
        packages = text.withUnsafeBufferPointer { text in
            var packages: [Package] = []
            var paragraph = Paragraph()
            for line in Lines(text) {
                if line.isEmpty {
                    paragraph.package.map { packages.append($0) }
                    paragraph = Paragraph()
                } else {
                    paragraph.take(line)
                }
            }
            paragraph.package.map { packages.append($0) }
            return packages
        }
    }
}

extension PackageNotes {
    private typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

    /// The lines of a text, without their ends: an image's notes have tens of thousands, and few of them matter.
    private struct Lines: Sequence, IteratorProtocol {
        private let text: UnsafeBufferPointer<UInt8>
        private var start = 0

        init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

        mutating func next() -> Bytes? {
            guard start < text.count else { return nil }
            let rest = text[start...]
            let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? text.count
            defer { start = end + 1 }
            return text[start..<end]
        }
    }

    /// The four fields that matter, as far as they were met. What continues a field begins with a space.
    private struct Paragraph {
        private var name: String?
        private var status: String?
        private var architecture: String?
        private var version: String?

        mutating func take(_ line: Bytes) {
            switch line.first {
            case UInt8(ascii: "P"): name = Self.value(of: "Package: ", in: line) ?? name
            case UInt8(ascii: "S"): status = Self.value(of: "Status: ", in: line) ?? status
            case UInt8(ascii: "A"): architecture = Self.value(of: "Architecture: ", in: line) ?? architecture
            case UInt8(ascii: "V"): version = Self.value(of: "Version: ", in: line) ?? version
            default: break
            }
        }

        private static func value(of field: StaticString, in line: Bytes) -> String? {
            let key = UnsafeBufferPointer(start: field.utf8Start, count: field.utf8CodeUnitCount)
            guard line.starts(with: key) else { return nil }
            let value = line.dropFirst(key.count)
            // Space, tab and carriage return at the end are no part of it.
            let end = value.lastIndex { $0 != 0x20 && !(0x09...0x0d).contains($0) }
            return String(decoding: end.map { value[...$0] } ?? value.prefix(0), as: UTF8.self)
        }

        var package: Package? {
            guard let name, let version else { return nil }
            return Package(
                name: name, architecture: architecture ?? "", version: version,
                // The first word is what is wanted, the last what is. The files of status.d have no Status: what they
                // describe is there.
                isInstalled: status?.hasSuffix(" installed") ?? true)
        }
    }
}
