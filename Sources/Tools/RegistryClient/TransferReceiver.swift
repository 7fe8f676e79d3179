import Glibc
import LinuxSystem

/// What has come of an answer so far; its content goes to a descriptor, within the limit.
final class TransferReceiver {
    private let transfer: Transfer
    private let output: Descriptor
    private var headerBytes = 0
    private var messageBytes: [UInt8] = []
    /// Where in the content the next byte belongs; nil before the first.
    private var position: UInt64?
    /// The headers of the last answer, their names in lower case.
    private(set) var headers: [String: [String]] = [:]
    /// Why the transfer was ended here, where the other side is to blame.
    private(set) var refusal: TransferAnswer.Failure.Kind?
    /// Why the content could not be written.
    private(set) var failure: (any Error)?

    private static let headerLimit = 256 << 10
    private static let messageLimit = 16 << 10

    /// Receives into a pipe, or into a file that has the transfer's first `offset` bytes already.
    init(_ transfer: Transfer, to output: Descriptor) {
        self.transfer = transfer
        self.output = output
    }

    /// The beginning of what came instead of the content.
    var message: String { String(decoding: messageBytes, as: UTF8.self) }

    /// Takes a whole header line; false ends the transfer.
    func take(header bytes: UnsafeRawBufferPointer) -> Bool {
        headerBytes += bytes.count
        guard headerBytes <= Self.headerLimit else { return refuse(.tooLong) }
        let line = String(decoding: bytes, as: UTF8.self)
        // Another answer begins: the one before was only an interim one.
        if line.hasPrefix("HTTP/") { headers = [:] }
        guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) else { return true }
        let value = line[line.utf8.index(after: colon)...].utf8.drop { $0 == 0x20 || $0 == 0x09 }
        let end = value.lastIndex { $0 > 0x20 }.map { value.index(after: $0) } ?? value.startIndex
        headers[line[..<colon].lowercased(), default: []].append(String(Substring(value[..<end])))
        return true
    }

    /// Takes content; false ends the transfer.
    func take(content bytes: UnsafeRawBufferPointer, status: Int) -> Bool {
        guard status == 200 || status == 206 else {
            messageBytes += bytes.prefix(Self.messageLimit - messageBytes.count)
            return true
        }
        do {
            let start = try position ?? begin(status)
            guard let start else { return refuse(.broken) }
            let (end, overflow) = start.addingReportingOverflow(UInt64(bytes.count))
            guard !overflow, end <= transfer.limit else { return refuse(.tooLong) }
            try output.write(bytes)
            position = end
            return true
        } catch {
            failure = error
            return false
        }
    }

    /// Where the content begins that comes now: a server that knows no ranges sends everything again. Nil where it is
    /// neither the whole nor the rest.
    private func begin(_ status: Int) throws -> UInt64? {
        if status == 206 {
            let isRest = headers["content-range"]?.first?.hasPrefix("bytes \(transfer.offset)-") == true
            return isRest && transfer.offset > 0 ? transfer.offset : nil
        }
        if transfer.isFile {
            try SystemError.check("cut", "the unfinished download") { ftruncate(output.number, 0) }
            _ = try output.rewound()
        }
        return 0
    }

    private func refuse(_ kind: TransferAnswer.Failure.Kind) -> Bool {
        refusal = kind
        return false
    }
}
