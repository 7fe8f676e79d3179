import BakeModel
import CCurlShims
import LinuxSystem

/// One request through libcurl: nothing of the machine but what the request names, and no redirect followed.
final class CurlTransfer {
    private let handle: UnsafeMutableRawPointer
    private let transfer: Transfer
    private let receiver: TransferReceiver
    private var headers: UnsafeMutablePointer<curl_slist>?

    /// Prepares a request.
    init(_ transfer: Transfer, to output: Descriptor) throws {
        guard let handle = ccurl_open() else {
            throw TransferSetupError(
                subject: transfer.address, reason: ccurl_missing().map { String(cString: $0) } ?? "out of memory")
        }
        self.handle = handle
        self.transfer = transfer
        receiver = TransferReceiver(transfer, to: output)
    }

    deinit {
        ccurl_close(handle)
        ccurl_free(headers)
    }

    /// Asks, and waits for the end of the answer.
    /// - Throws: where the content cannot be written; what the other side does wrong is in the answer.
    func perform() throws -> TransferAnswer {
        try address()
        try message()
        try receivers()
        let code = ccurl_perform(handle)
        if let failure = receiver.failure { throw failure }
        return TransferAnswer(
            status: Int(ccurl_status(handle)), headers: receiver.headers,
            redirect: ccurl_redirect(handle).map { String(cString: $0) }, message: receiver.message,
            failure: failure(code))
    }

    private func address() throws {
        try set(CURLOPT_URL, transfer.address)
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_PROXY, transfer.proxy ?? "")
        try set(CURLOPT_NOPROXY, transfer.exceptions ?? "")
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        if let certificates = transfer.certificates { try set(CURLOPT_CAINFO, certificates) }
        try set(CURLOPT_CONNECTTIMEOUT, transfer.connectSeconds)
        try set(CURLOPT_LOW_SPEED_LIMIT, 1)
        try set(CURLOPT_LOW_SPEED_TIME, transfer.stallSeconds)
        try set(CURLOPT_NOSIGNAL, 1)
    }

    private func message() throws {
        try set(CURLOPT_USERAGENT, "bake")
        let range = transfer.offset > 0 ? ["Range: bytes=\(transfer.offset)-"] : []
        for header in transfer.headers + range { headers = ccurl_append(headers, header) }
        try check(ccurl_set_list(handle, CURLOPT_HTTPHEADER, headers))
    }

    private func receivers() throws {
        let content: ccurl_receiver = { bytes, _, count, context in
            CurlTransfer.receive(bytes, count, context) { $0.take(content: $1, status: $2) }
        }
        let lines: ccurl_receiver = { bytes, _, count, context in
            CurlTransfer.receive(bytes, count, context) { receiver, bytes, _ in receiver.take(header: bytes) }
        }
        let context = Unmanaged.passUnretained(self).toOpaque()
        try check(ccurl_set_receiver(handle, CURLOPT_WRITEFUNCTION, content, CURLOPT_WRITEDATA, context))
        try check(ccurl_set_receiver(handle, CURLOPT_HEADERFUNCTION, lines, CURLOPT_HEADERDATA, context))
    }

    /// The size of an item is always 1 here. A return of 0 ends the transfer.
    private static func receive(
        _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?,
        _ take: (TransferReceiver, UnsafeRawBufferPointer, Int) -> Bool
    ) -> Int {
        guard let context else { return 0 }
        let owner = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
        let status = Int(ccurl_status(owner.handle))
        return take(owner.receiver, UnsafeRawBufferPointer(start: bytes, count: count), status) ? count : 0
    }

    private func failure(_ code: CURLcode) -> TransferAnswer.Failure? {
        if let kind = receiver.refusal { return .init(kind: kind, words: "") }
        let words = String(cString: ccurl_explain(code))
        switch code {
        case CURLE_OK: return nil
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: return .init(kind: .unknownHost, words: words)
        case CURLE_COULDNT_CONNECT: return .init(kind: .refused, words: words)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR:
            return .init(kind: .certificate, words: words)
        case CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING, CURLE_OPERATION_TIMEDOUT,
            CURLE_HTTP2, CURLE_HTTP2_STREAM:
            return .init(kind: .broken, words: words)
        default: return .init(kind: .other, words: words)
        }
    }

    private func set(_ option: CURLoption, _ number: Int) throws {
        try check(ccurl_set_number(handle, option, number))
    }

    private func set(_ option: CURLoption, _ text: String) throws { try check(ccurl_set_text(handle, option, text)) }

    private func check(_ code: CURLcode) throws {
        guard code != CURLE_OK else { return }
        throw TransferSetupError(subject: transfer.address, reason: String(cString: ccurl_explain(code)))
    }
}

/// A request that libcurl does not take.
struct TransferSetupError: ExplainedError, Hashable {
    let subject: String
    let reason: String
    var doing: String { "ask for" }
}
