import BakeModel
import Clibarchive
import Clibdeflate

extension Compression {
    /// The level as libdeflate counts.
    var level: Int32 {
        switch self {
        case .fast: 1
        case .small: 6
        }
    }

    /// What XFL says of it (RFC 1952, 2.3.1): 4 for the fastest, 0 for anything between.
    var flags: UInt8 { self == .fast ? 4 : 0 }

    /// What makes the compressed bytes, for the provenance.
    public var encoder: EncoderVersion {
        EncoderVersion(compression: self, archive: String(cString: archive_version_string()).lowercased())
    }

    /// The encoder that bake was built with, for keys: libarchive is not loaded to name it.
    public var builtEncoder: EncoderVersion {
        EncoderVersion(compression: self, archive: "libarchive \(ARCHIVE_VERSION_ONLY_STRING)")
    }
}

/// What wrote a layer. Other versions may give other compressed bytes; the diff id depends on libarchive's alone.
public struct EncoderVersion: Hashable, Sendable, CustomStringConvertible {
    /// The libraries, the level and how members are cut.
    public let description: String

    fileprivate init(compression: Compression, archive: String) {
        let members = "members \(MemberCutter.least >> 10) to \(MemberCutter.most >> 10) KiB by content"
        description = "\(archive), libdeflate \(LIBDEFLATE_VERSION_STRING) level \(compression.level), \(members)"
    }
}
