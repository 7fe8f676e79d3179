import BakeModel
import LinuxSystem

/// A stream of output on its way to a log, whose last lines are kept for the message of a failure.
final class LogTail {
    /// What a program writes into.
    private(set) var input: Descriptor
    private let tail: Worker<[UInt8]>
    private static let kept = 8192

    init(passingTo log: Descriptor) throws(SystemError) {
        let (read, write) = try Descriptor.pipe()
        input = write
        tail = Worker {
            var tail: [UInt8] = []
            try read.readPieces(of: 65536) { piece in
                try log.write(piece)
                tail = (tail + piece).suffix(Self.kept)
            }
            return tail
        }
    }

    /// The last lines, once everybody who writes has ended.
    func lastLines(_ count: Int = 12) throws -> String {
        // The end of the stream comes when this end is closed as well.
        input = try Descriptor.open("/dev/null", 0)
        let lines = String(decoding: try tail.result(), as: UTF8.self).split(separator: "\n")
        return lines.suffix(count).joined(separator: "\n")
    }
}
