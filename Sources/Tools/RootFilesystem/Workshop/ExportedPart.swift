import BakeModel

/// What was taken out of an image: one file as it is, or a tar.gz.
public struct ExportedPart: Hashable, Sendable {
    /// The digest of its bytes.
    public let digest: Digest
    /// Their number.
    public let size: UInt64
    /// Whether it is a program that its owner may run.
    public let isExecutable: Bool

    var json: JSON {
        [
            "digest": .string(digest.description), "size": .number(Int64(clamping: size)),
            "executable": .bool(isExecutable),
        ]
    }
}

extension ExportedPart {
    init?(_ json: JSON) {
        guard let digest = json["digest"]?.string.flatMap({ Digest($0) }),
            let size = json["size"]?.number.flatMap(UInt64.init(exactly:)),
            let isExecutable = json["executable"]?.bool
        else { return nil }
        self.init(digest: digest, size: size, isExecutable: isExecutable)
    }
}
