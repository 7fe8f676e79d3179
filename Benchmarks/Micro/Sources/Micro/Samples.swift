import BakeModel
import Foundation
import Glibc
import LinuxSystem

@testable import TarArchive

/// What the loops work on: text that compresses as source does, the same every time.
enum Samples {
    /// A member's worth.
    static let member = text(64 << 10, seed: 1)
    /// As many as are in the processor's cache no more.
    static let large = text(32 << 20, seed: 2)
    /// A tree of small files.
    static let files: [(entry: TreeEntry, bytes: [UInt8])] = (0..<2_000).compactMap { number in
        let name = String(number)
        let path = "src/part\(number / 100)/file" + String(repeating: "0", count: 6 - name.count) + name
        let bytes = Array(large[(number * 8_000)..<(number * 8_000 + 4_000 + number)])
        return (try? TreePath(cleaning: path)).map {
            (TreeEntry(path: $0, kind: .regular(size: UInt64(bytes.count)), mode: 0o644), bytes)
        }
    }.sorted { $0.entry.path < $1.entry.path }
    /// How many bytes these have.
    static let fileBytes = files.reduce(0) { $0 + $1.bytes.count }

    private static func text(_ count: Int, seed: UInt64) -> [UInt8] {
        var state = seed &* 88_172_645_463_325_253
        func random(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(bound))
        }
        let letters = Array("etaoinshrdlucmfwyp_".utf8)
        let words = (0..<6_000).map { _ in (0..<2 + random(10)).map { _ in letters[random(letters.count)] } }
        var text: [UInt8] = []
        text.reserveCapacity(count + 16)
        while text.count < count { text += words[random(words.count)] + [random(8) == 0 ? 0x0a : 0x20] }
        return Array(text.prefix(count))
    }

    /// Writes the tree as a layer.
    @discardableResult
    static func writeLayer(to output: Descriptor) throws -> Layer {
        let writer = try LayerWriter(to: output, threads: 1)
        for file in files { try writer.append(file.entry, content: reading(file.bytes)) }
        return try writer.finish()
    }

    /// The tree's layer in a file without a name.
    static func layerFile() throws -> (file: Descriptor, layer: Layer) {
        let file = try Descriptor.memory([])
        let layer = try writeLayer(to: file)
        return (file, layer)
    }

    private static func reading(_ bytes: [UInt8]) -> (UnsafeMutableRawBufferPointer) -> Int {
        var place = 0
        return { buffer in
            let count = min(buffer.count, bytes.count - place)
            bytes.withUnsafeBytes {
                buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[place..<place + count]))
            }
            place += count
            return count
        }
    }
}
