import BakeModel
import Glibc
import LinuxSystem

/// The digest of a root that lies on the machine: what the lock pins.
public enum ImportDigest {
    /// Hashes a tarball, or finds the manifest that a layout's reference names.
    public static func of(_ source: ImportSource, at path: String) throws -> Digest {
        switch source {
        case .tarball: return try digest(ofFile: path)
        case .layout(_, let reference):
            return try ImportedLayout.manifest(
                in: try DirectoryBlobs(directory: path).index(), named: reference, layout: path)
        }
    }

    private static func digest(ofFile path: String) throws -> Digest {
        let file = try Descriptor.open(path, O_RDONLY)
        var hasher = DigestHasher()
        try file.readPieces(of: 1 << 20) { piece in
            hasher.update(piece)
        }
        return hasher.finish()
    }
}
