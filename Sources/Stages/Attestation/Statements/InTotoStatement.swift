import BakeModel

/// A claim of one kind about an artifact: in-toto attestation framework, Statement v1.
public struct InTotoStatement: Hashable, Sendable {
    /// What it is about: a name, and the digest of the image's manifest.
    public let subject: (name: String, digest: Digest)
    /// The URI of the kind of claim.
    public let predicateType: String
    /// The claim.
    public let predicate: JSON

    /// The media type of a statement by itself.
    public static let mediaType = "application/vnd.in-toto+json"

    /// Makes a claim about the image of a generation.
    init(about record: GenerationRecord, _ predicateType: String, _ predicate: JSON) {
        self.init(about: (record.id, record.image), predicateType, predicate)
    }

    /// Makes a claim about an image, by the name of a generation that has it.
    init(about image: (name: GenerationID, digest: Digest), _ predicateType: String, _ predicate: JSON) {
        subject = (image.name.description, image.digest)
        self.predicateType = predicateType
        self.predicate = predicate
    }

    /// Reads what `json` wrote; nil where a member is missing or malformed.
    public init?(_ json: JSON) {
        guard json["_type"]?.string == Self.type, let first = json["subject"]?.items?.first,
            let name = first["name"]?.string, let hex = first["digest"]?["sha256"]?.string,
            let digest = Digest(hex: hex), let predicateType = json["predicateType"]?.string,
            let predicate = json["predicate"]
        else { return nil }
        subject = (name, digest)
        self.predicateType = predicateType
        self.predicate = predicate
    }

    /// The statement as a document.
    public var json: JSON {
        [
            "_type": .string(Self.type),
            "subject": [["name": .string(subject.name), "digest": ["sha256": .string(subject.digest.hex)]]],
            "predicateType": .string(predicateType), "predicate": predicate,
        ]
    }

    private static let type = "https://in-toto.io/Statement/v1"

    public static func == (left: InTotoStatement, right: InTotoStatement) -> Bool { left.json == right.json }
    public func hash(into hasher: inout Hasher) { hasher.combine(json) }
}

/// Names that statements give to things of bake.
enum EvidenceName {
    /// The store that vouches.
    static func store(_ identity: String) -> String { "urn:bake:store:\(identity)" }

    /// Where in which ledger something was found.
    static func place(_ place: FindingPlace) -> JSON {
        ["store": .string(store(place.store)), "after": .number(place.previous)]
    }

    /// Something by its content. in-toto "ResourceDescriptor".
    static func resource(_ name: String, _ digest: Digest, uri: String? = nil) -> JSON {
        .record(["name": .string(name), "uri": uri.map(JSON.string), "digest": ["sha256": .string(digest.hex)]])
    }

    /// A Debian package: github.com/package-url/purl-spec, type deb.
    static func package(_ name: String, _ version: String, _ architecture: String, suite: String?) -> String {
        let qualifiers = ["arch=\(escaped(architecture))"] + (suite.map { ["distro=\(escaped($0))"] } ?? [])
        return "pkg:deb/debian/\(escaped(name))@\(escaped(version))?\(qualifiers.joined(separator: "&"))"
    }

    /// Percent-encoding of everything but letters, digits and `.-_~`.
    private static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return text.utf8.map { byte in
            let isPlain =
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                || ".-_~".utf8.contains(byte)
            return isPlain ? String(UnicodeScalar(byte)) : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
        }.joined()
    }
}
