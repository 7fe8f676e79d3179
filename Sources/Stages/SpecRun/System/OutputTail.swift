import LinuxSystem
import Synchronization

/// The last bytes of what a process says, however much that is.
final class OutputTail: Sendable {
    private let reader: Worker<Void>
    private let tail: Tail
    private static let longest = 8192
    private static let lines = 12

    /// The bytes so far, shared with the thread that reads.
    private final class Tail: Sendable {
        let bytes = Mutex<[UInt8]>([])

        func append(_ more: UnsafeRawBufferPointer) {
            bytes.withLock { $0 = Array(($0 + more.suffix(OutputTail.longest)).suffix(OutputTail.longest)) }
        }
    }

    /// Reads to the end, on a thread of its own.
    init(of output: Descriptor) {
        let tail = Tail()
        self.tail = tail
        reader = Worker {
            try withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { buffer in
                while true {
                    let count = try output.read(into: buffer)
                    if count == 0 { break }
                    tail.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                }
            }
        }
    }

    /// The last lines that came until now.
    var linesSoFar: String {
        String(decoding: tail.bytes.withLock { $0 }, as: UTF8.self).split(whereSeparator: \.isNewline)
            .suffix(Self.lines).joined(separator: "\n")
    }

    /// The last lines, once the output is at its end.
    func lastLines() throws -> String {
        try reader.result()
        return linesSoFar
    }
}
