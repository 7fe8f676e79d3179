import BakeModel
import CBareLibraries
import Glibc
import LinuxSystem

@testable import TarArchive

/// Cutting, compressing, writing and reading.
enum ArchiveLoops {
    static func all() throws -> [Loop] { try cutting() + compressing() + inflating() + archives() }

    private static func cutting() -> [Loop] {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: Samples.large.count, alignment: 16)
        return [
            .over(bytes: Samples.large.count, "memcpy") {
                Samples.large.withUnsafeBytes { copy.copyMemory(from: $0) }
            },
            .over(bytes: Samples.large.count, "cut into members", limit: "memcpy") {
                var cutter = MemberCutter()
                Samples.large.withUnsafeBytes { bytes in
                    var rest = bytes
                    while !rest.isEmpty { rest = UnsafeRawBufferPointer(rebasing: rest[cutter.take(rest).count...]) }
                }
            },
        ]
    }

    private static func compressing() throws -> [Loop] {
        var loops: [Loop] = []
        for compression in [Compression.fast, .small] {
            let bare = libdeflate_alloc_compressor(compression.level)
            let room = libdeflate_deflate_compress_bound(bare, Samples.member.count)
            let output = UnsafeMutableRawBufferPointer.allocate(byteCount: room, alignment: 16)
            let name = "libdeflate level \(compression.level)"
            loops.append(
                .over(bytes: Samples.member.count, name) {
                    _ = libdeflate_deflate_compress(
                        bare, Samples.member, Samples.member.count, output.baseAddress, output.count)
                })
            let encoder = Encoder(encoder: try GzipEncoder(compression))
            loops.append(
                .over(bytes: Samples.member.count, "a member, \(compression)", limit: name) {
                    _ = try encoder.encoder.member(of: Samples.member)
                })
        }
        return loops
    }

    /// Closures cannot hold what cannot be copied.
    private final class Encoder {
        let encoder: GzipEncoder
        init(encoder: consuming GzipEncoder) { self.encoder = encoder }
    }

    private static func inflating() throws -> [Loop] {
        let member = try GzipEncoder(.fast).member(of: Samples.member)
        let bare = libdeflate_alloc_decompressor()
        let output = UnsafeMutableRawBufferPointer.allocate(byteCount: Samples.member.count, alignment: 16)
        let inflater = try MemberInflater()
        return [
            .over(bytes: Samples.member.count, "libdeflate gzip inflate") {
                _ = libdeflate_gzip_decompress(bare, member, member.count, output.baseAddress, output.count, nil)
            },
            .over(bytes: Samples.member.count, "inflate and check a member", limit: "libdeflate gzip inflate") {
                _ = inflater.inflate(member)
            },
        ]
    }

    private static func archives() throws -> [Loop] {
        let sink = try Descriptor.open("/dev/null", O_WRONLY)
        let (file, layer) = try Samples.layerFile()
        let tar = Int(layer.tarSize)
        return [
            .over(bytes: tar, "write a layer, one thread", limit: "libdeflate level 1") {
                try Samples.writeLayer(to: sink)
            },
            .over(bytes: tar, "read a layer, both digests", limit: "libdeflate gzip inflate") {
                _ = try ArchiveReader.read(try file.rewound()) { _, _ in }
            },
        ]
    }
}
