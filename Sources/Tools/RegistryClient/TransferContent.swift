import Glibc
import LinuxSystem

/// Where the content of an answer goes: into memory through a pipe, or into a file that a broken answer leaves half full.
final class TransferContent {
    private let file: Descriptor?
    private var reader: Worker<[UInt8]>?
    /// How many bytes it may have.
    let limit: UInt64
    /// The bytes of a document, once the answer is there.
    private(set) var bytes: [UInt8] = []

    /// Content that is kept in memory.
    init(documentUpTo limit: Int) {
        file = nil
        self.limit = UInt64(limit)
    }

    /// Content that goes to an empty file, of known size.
    init(file: Descriptor, size: UInt64) {
        self.file = file
        limit = size
    }

    /// Whether it goes to a file.
    var isFile: Bool { file != nil }

    /// How many bytes the file has.
    func fileSize() throws(SystemError) -> UInt64 { UInt64(try file?.status().st_size ?? 0) }

    /// How many bytes are there already; the next ones go behind them.
    func start() throws(SystemError) -> UInt64 {
        guard let file else { return 0 }
        let size = try fileSize()
        try SystemError.check("go on writing", "the unfinished download") { lseek(file.number, 0, SEEK_END) }
        return size
    }

    /// Forgets what is there.
    func restart() throws(SystemError) {
        guard let file else { return }
        try SystemError.check("cut", "the unfinished download") { ftruncate(file.number, 0) }
    }

    /// Starts what writes the content. The pipe's other end is closed here when this returns: else its end never comes.
    func receive(by start: (Descriptor) throws -> HelperCall) throws -> HelperCall {
        if let file { return try start(file) }
        let (read, write) = try Descriptor.pipe()
        let call = try start(write)
        reader = Worker { [limit] in try read.readAll(limit: Int(clamping: limit)) }
        return call
    }

    /// Takes what was written, when the writer has ended.
    func finish() throws {
        if let reader { bytes = try reader.result() }
        reader = nil
    }
}
