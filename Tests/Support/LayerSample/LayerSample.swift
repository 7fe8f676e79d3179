import BakeModel
import Glibc
import LinuxSystem
import TarArchive

/// Writes one layer to standard output, as text and noise that take several members: `LayerSample fast|small THREADS`.
/// A program of its own, so that a test can run it on an emulated processor.
@main
struct LayerSample {
    static func main() throws {
        let words = CommandLine.arguments
        guard words.count == 3, let compression = Compression(rawValue: words[1]), let threads = Int(words[2]) else {
            exit(2)
        }
        let writer = try LayerWriter(to: Descriptor(owning: dup(1)), compression: compression, threads: threads)
        for (name, content) in [("noise", noise(400_000)), ("text", text(1_500_000))] {
            let path = try TreePath(cleaning: name)
            var rest = content[...]
            try writer.append(TreeEntry(path: path, kind: .regular(size: UInt64(content.count)), mode: 0o644)) {
                buffer in
                let piece = rest.prefix(buffer.count)
                buffer.copyBytes(from: piece)
                rest = rest.dropFirst(piece.count)
                return piece.count
            }
        }
        _ = try writer.finish()
    }

    private static func noise(_ count: Int) -> [UInt8] {
        var state: UInt64 = 88_172_645_463_325_252
        return (0..<count).map { _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return UInt8(truncatingIfNeeded: state >> 24)
        }
    }

    /// Words that come again at odd distances, so that matches of every length are found.
    private static func text(_ count: Int) -> [UInt8] {
        let words = noise(600).split(separator: 0x20).map { $0.map { 0x61 + $0 % 26 } }
        var text: [UInt8] = []
        var number = 0
        while text.count < count {
            text += words[(number &* number + number / 7) % words.count] + [0x20]
            number += 1
        }
        return Array(text.prefix(count))
    }
}
