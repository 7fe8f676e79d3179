import BakeModel

/// What is in an image: an SPDX 2.3 document of its layers and of the Debian packages that its root says it has.
public struct SoftwareBill: Sendable {
    /// A package, and the layer that brought it.
    public struct Package: Hashable, Sendable {
        /// The package's name.
        public let name: String
        /// Its version.
        public let version: String
        /// Its architecture.
        public let architecture: String
        /// Which layer brought it, counted from the lowest.
        public let layer: Int

        /// Describes a package.
        public init(name: String, version: String, architecture: String, layer: Int) {
            self.name = name
            self.version = version
            self.architecture = architecture
            self.layer = layer
        }
    }

    private let record: GenerationRecord
    private let layers: [Layer]
    private let packages: [Package]
    private let files: [String: (package: LockedPackage, suite: String)]
    private let store: String
    private let created: Timestamp

    /// The URI of the kind of claim.
    public static let predicateType = "https://spdx.dev/Document/v2.3"

    /// Describes an image.
    /// - Parameters:
    ///   - lock: knows the hashes of the packages that bake installed.
    ///   - created: when the document is made.
    public init(
        of record: GenerationRecord, layers: [Layer], packages: [Package], lock: Lock, store: String,
        created: Timestamp
    ) {
        self.record = record
        self.layers = layers
        self.packages = packages.sorted { ($0.name, $0.architecture) < ($1.name, $1.architecture) }
        self.store = store
        self.created = created
        files = Dictionary(
            lock.packages.values.flatMap { locked in
                locked.closure.map { (Self.key($0.name, $0.version, $0.architecture), ($0, locked.suite)) }
            },
            uniquingKeysWith: { first, _ in first })
    }

    /// The claim about the image.
    public var statement: InTotoStatement { InTotoStatement(about: record, Self.predicateType, document) }

    /// The SPDX document.
    public var document: JSON {
        [
            "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
            "name": .string(record.id.description),
            // Unique, and nothing that anybody could fetch.
            "documentNamespace": .string("\(EvidenceName.store(store)):\(record.id):\(record.image.hex)"),
            "creationInfo": [
                "created": .string("\(created.description.prefix(19))Z"),
                "creators": [.string("Tool: bake-\(record.builder["bake"] ?? "unknown")")],
            ],
            "packages": .array([image] + layers.indices.map(layer) + packages.indices.map(package)),
            "relationships": .array(relationships),
        ]
    }

    private var image: JSON {
        item(
            "Image", record.id.pipeline.text, version: String(record.id.number.value), purpose: "CONTAINER",
            digest: record.image, locator: nil)
    }

    private func layer(_ index: Int) -> JSON {
        item(
            "Layer-\(index)", "layer \(index) of \(record.id)", version: nil, purpose: "ARCHIVE",
            digest: layers[index].blob, locator: nil)
    }

    private func package(_ index: Int) -> JSON {
        let package = packages[index]
        let file = files[Self.key(package.name, package.version, package.architecture)]
        return item(
            "Package-\(index)", package.name, version: package.version, purpose: nil, digest: file?.package.digest,
            locator: EvidenceName.package(
                package.name, package.version, package.architecture, suite: file.map { "debian-\($0.suite)" }))
    }

    private func item(
        _ id: String, _ name: String, version: String?, purpose: String?, digest: Digest?, locator: String?
    ) -> JSON {
        .record([
            "SPDXID": .string("SPDXRef-\(id)"), "name": .string(name), "versionInfo": version.map(JSON.string),
            "downloadLocation": "NOASSERTION", "filesAnalyzed": false, "licenseConcluded": "NOASSERTION",
            "licenseDeclared": "NOASSERTION", "copyrightText": "NOASSERTION",
            "primaryPackagePurpose": purpose.map(JSON.string),
            "checksums": digest.map { [["algorithm": "SHA256", "checksumValue": .string($0.hex)]] },
            "externalRefs": locator.map {
                [
                    [
                        "referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                        "referenceLocator": .string($0),
                    ]
                ]
            },
        ])
    }

    private var relationships: [JSON] {
        [Self.relation("DOCUMENT", "DESCRIBES", "Image")]
            + layers.indices.map { Self.relation("Image", "CONTAINS", "Layer-\($0)") }
            + packages.indices.map { Self.relation("Layer-\(packages[$0].layer)", "CONTAINS", "Package-\($0)") }
    }

    private static func relation(_ one: String, _ kind: String, _ other: String) -> JSON {
        [
            "spdxElementId": .string("SPDXRef-\(one)"), "relationshipType": .string(kind),
            "relatedSpdxElement": .string("SPDXRef-\(other)"),
        ]
    }

    private static func key(_ name: String, _ version: String, _ architecture: String) -> String {
        "\(name) \(version) \(architecture)"
    }
}
