import Clibarchive
import Clibdeflate

/// How hard a layer is compressed.
public enum Compression: String, Hashable, Sendable {
    /// libdeflate's level 1: about six times less work than `gzip -6` for 1.09 times the size.
    case fast
    /// libdeflate's level 6: about the size of `gzip -6` for a third of its work.
    case small

    /// The level as libdeflate counts.
    var level: Int32 {
        switch self {
        case .fast: 1
        case .small: 6
        }
    }

    /// How many bytes of tar one gzip member holds. Part of the canonical form: another number gives other bytes.
    static let memberSize = 512 << 10

    /// What makes the compressed bytes, for the provenance.
    public var encoder: EncoderVersion { EncoderVersion(compression: self) }
}

/// What wrote a layer. Other versions may give other compressed bytes; the diff id depends on libarchive's alone.
public struct EncoderVersion: Hashable, Sendable, CustomStringConvertible {
    /// The libraries, the level and the size of the members.
    public let description: String

    init(compression: Compression) {
        let archive = String(cString: archive_version_string()).lowercased()
        let members = "members \(Compression.memberSize >> 10) KiB"
        description = "\(archive), libdeflate \(LIBDEFLATE_VERSION_STRING) level \(compression.level), \(members)"
    }
}
