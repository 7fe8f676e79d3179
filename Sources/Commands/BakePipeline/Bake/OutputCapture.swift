import BakeModel
import LinuxSystem

/// A stream of output: cut into lines as they come, and kept.
final class OutputCapture {
    private var input: Descriptor?
    private let kept: Worker<[UInt8]>
    private static let longest = 4096

    init(_ line: @escaping @Sendable (String) -> Void) throws(SystemError) {
        let (read, write) = try Descriptor.pipe()
        input = write
        kept = Worker {
            var output = KeptOutput()
            var rest: [UInt8] = []
            try read.readPieces(of: 65536) { piece in
                output.add(piece)
                rest += piece
                Self.takeLines(&rest, line)
            }
            if !rest.isEmpty { line(String(decoding: rest, as: UTF8.self)) }
            return output.finish()
        }
    }

    /// What programs write into; given away once, so that the stream can end.
    func takeInput() throws -> Descriptor {
        guard let input else { throw MissingProduct(node: "output") }
        self.input = nil
        return input
    }

    /// Waits until everybody who writes has ended.
    /// - Returns: what came, within a limit.
    func finish() throws -> [UInt8] {
        input = nil
        return try kept.result()
    }

    private static func takeLines(_ rest: inout [UInt8], _ line: (String) -> Void) {
        var begin = 0
        while let end = rest[begin...].firstIndex(of: UInt8(ascii: "\n")) {
            line(String(decoding: rest[begin..<end], as: UTF8.self))
            begin = end + 1
        }
        rest.removeFirst(begin)
        // A line without an end must not take all memory.
        guard rest.count > Self.longest else { return }
        line(String(decoding: rest, as: UTF8.self))
        rest = []
    }
}
