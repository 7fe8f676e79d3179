import BakeModel
import BlobStorage
import Glibc
import LinuxSystem

@testable import RootFilesystem
@testable import SpecRun
@testable import TarArchive

/// Questions to the index of a layer, and to text.
enum LookupLoops {
    static func all() throws -> [Loop] { try lookups() + searches() }

    private static func lookups() throws -> [Loop] {
        let contents = try contents()
        let bytes = ContentsFile.bytes(of: contents)
        let paths = Samples.files.map(\.entry.path)
        let dictionary = Dictionary(uniqueKeysWithValues: Samples.files.map { ($0.entry.path, $0.entry) })
        let (file, _) = try Samples.layerFile()
        let middle = try contents.entry(at: paths[paths.count / 2])?.offset ?? 0
        return [
            .over(paths.count, "a dictionary in memory") { for path in paths { _ = dictionary[path] } },
            .over(paths.count, "look a path up in the index", limit: "a dictionary in memory") {
                for path in paths { _ = try contents.entry(at: path) }
            },
            .over(bytes: bytes.count, "open the index, its digest proved", limit: "libcrypto SHA-256") {
                _ = ContentsFile.read(bytes, of: contents.layer)
            },
            .over(1, "4 KB out of the middle of a layer", limit: nil) {
                try TarExcerpt(middle..<middle + 4_000, of: file, in: contents.members).read { _ in }
            },
        ]
    }

    private static func contents() throws -> LayerContents {
        let (file, _) = try Samples.layerFile()
        var builder = ContentsBuilder()
        let summary = try ArchiveReader.read(try file.rewound(), recordingMembers: true) { entry, content in
            let isFile = content.remaining > 0
            let digest = isFile ? Digest.of([1]) : nil
            try builder.add(ContentsEntry(entry, digest: digest, offset: isFile ? content.offset : nil))
        }
        return try builder.finish(read: summary.layer, summary.members)
    }

    private static func searches() throws -> [Loop] {
        let text = Array(Samples.large.prefix(4 << 20))
        return [
            .over(bytes: text.count, "memchr for line ends") {
                text.withUnsafeBytes { bytes in
                    guard var place = bytes.baseAddress else { return }
                    let end = place + bytes.count
                    while let found = memchr(place, 0x0a, end - place) { place = UnsafeRawPointer(found) + 1 }
                }
            },
            .over(bytes: text.count, "search text for a plain pattern", limit: "memchr for line ends") {
                var search = try LineSearch([LinePattern("not in any line")])
                _ = try search.unsatisfied(in: text)
            },
            .over(bytes: text.count, "search text for an expression", limit: "memchr for line ends") {
                var search = try LineSearch([LinePattern("/^none [0-9]+$/")])
                _ = try search.unsatisfied(in: text)
            },
        ]
    }
}
