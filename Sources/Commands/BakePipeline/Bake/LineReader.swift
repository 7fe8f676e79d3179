import BakeModel
import LinuxSystem

/// A stream of output, cut into lines as they come.
final class LineReader {
    /// What programs write into.
    let input: Descriptor
    private static let longest = 4096

    init(_ line: @escaping @Sendable (String) -> Void) throws(SystemError) {
        let (read, write) = try Descriptor.pipe()
        input = write
        _ = Worker {
            var rest: [UInt8] = []
            try read.readPieces(of: 65536) { piece in
                rest += piece
                while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    line(String(decoding: rest[..<end], as: UTF8.self))
                    rest.removeSubrange(...end)
                }
                // A line without an end must not take all memory.
                if rest.count > Self.longest {
                    line(String(decoding: rest, as: UTF8.self))
                    rest = []
                }
            }
            if !rest.isEmpty { line(String(decoding: rest, as: UTF8.self)) }
        }
    }
}
