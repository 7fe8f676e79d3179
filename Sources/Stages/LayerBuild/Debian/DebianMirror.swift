import BakeModel
import Glibc
import LinuxSystem

/// Addresses of files in Debian archives.
enum DebianMirror {
    /// The addresses of the archives, each once, in order. A list of mirrors in a file stands for its lines.
    static func archives(of sources: [DebianSource]) throws -> [String] {
        var seen: Set<String> = []
        return try sources.flatMap { try addresses(of: $0.uri) }.filter { seen.insert($0).inserted }
    }

    /// Where an archive has the file. `file:` would give a link to it, `copy:` gives the bytes.
    static func uri(of package: LockedPackage, in archive: String) -> String {
        let base = archive.hasPrefix("file:") ? "copy:\(archive.dropFirst(5))" : archive
        return "\(base)/\(package.poolPath)"
    }

    /// `mirror+file:/etc/apt/mirrors/debian.list`: a line is an address, a tab and priorities. apt-transport-mirror(1).
    private static func addresses(of uri: String) throws -> [String] {
        guard uri.hasPrefix("mirror+file:") else { return [uri] }
        let path = "/" + uri.dropFirst(12).drop { $0 == "/" }
        let bytes = try Descriptor.open(path, O_RDONLY | O_NONBLOCK).readAll(limit: 1 << 20)
        let lines = String(decoding: bytes, as: UTF8.self).split { $0.isNewline }
        let addresses = lines.compactMap { $0.split { $0.isWhitespace }.first }.filter { !$0.hasPrefix("#") }
        return addresses.map { $0.hasSuffix("/") ? String($0.dropLast()) : String($0) }
    }
}
