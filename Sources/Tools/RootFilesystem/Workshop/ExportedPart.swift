import BakeModel

/// What was taken out of an image: one file as it is, or a tar.gz.
public struct ExportedPart: Hashable, Sendable {
    /// The digest of its bytes.
    public let digest: Digest
    /// Their number.
    public let size: UInt64

    var json: JSON {
        ["digest": .string(digest.description), "size": .number(Int64(clamping: size))]
    }
}

extension ExportedPart {
    init?(_ json: JSON) {
        guard let digest = json["digest"]?.string.flatMap({ Digest($0) }),
            let size = json["size"]?.number.flatMap(UInt64.init(exactly:))
        else { return nil }
        self.init(digest: digest, size: size)
    }
}
