import BakeModel
import Glibc
import LinuxSystem

/// The archives that the machine's apt is told of.
struct AptSources {
    /// apt's configuration directory, `/etc/apt`.
    let directory: String
    private static let limit = 4 << 20

    /// Every archive, in the order in which apt reads its files. A missing file or directory is fine.
    func all() throws -> [DebianSource] {
        var sources = try lines(of: "\(directory)/sources.list")
        for name in try partNames() {
            let path = "\(directory)/sources.list.d/\(name)"
            sources += name.hasSuffix(".list") ? try lines(of: path) : try paragraphs(of: path)
        }
        var seen: Set<DebianSource> = []
        return sources.filter { seen.insert($0).inserted }
    }

    private func lines(of path: String) throws -> [DebianSource] {
        try text(path).split { $0 == "\n" || $0 == "\r\n" }.flatMap { DebianSource.parse(line: $0) }
    }

    private func paragraphs(of path: String) throws -> [DebianSource] {
        ControlParagraph.parse(try text(path)).flatMap { DebianSource.parse($0) }
    }

    private func text(_ path: String) throws -> String {
        do throws(SystemError) {
            let bytes = try Descriptor.open(path, O_RDONLY | O_NONBLOCK).readAll(limit: Self.limit)
            return String(decoding: bytes, as: UTF8.self)
        } catch  where error.number == ENOENT {
            return ""
        }
    }

    /// The files that apt reads: letters, digits, `_`, `-` and `.`, ending in `.list` or `.sources`.
    private func partNames() throws -> [String] {
        let names: [String]
        do throws(SystemError) { names = try DirectoryListing.names(in: "\(directory)/sources.list.d") } catch {
            guard error.number == ENOENT else { throw error }
            return []
        }
        return names.filter { name in
            let isPlain = name.utf8.allSatisfy {
                (0x61...0x7a).contains($0 | 0x20) || (0x30...0x39).contains($0) || "_-.".utf8.contains($0)
            }
            return isPlain && (name.hasSuffix(".list") || name.hasSuffix(".sources"))
        }
    }
}
