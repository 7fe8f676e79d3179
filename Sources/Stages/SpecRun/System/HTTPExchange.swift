import BakeModel
import CCurlShims

/// One request and its answer, wherever that sends to, through libcurl: no proxy, cookies, or files of the machine unless the request says so.
final class HTTPExchange {
    private let handle: UnsafeMutableRawPointer
    private let request: HTTPRequest
    private let root: any ImageRoot
    private let names: HostNames?
    private var requestHeaders: UnsafeMutablePointer<curl_slist>?
    private var addresses: UnsafeMutablePointer<curl_slist>?
    private let received = Received()
    private static let authorities = "/etc/ssl/certs/ca-certificates.crt"

    /// Prepares a request.
    /// - Parameter names: who knows the addresses of other hosts.
    init(_ request: HTTPRequest, _ root: any ImageRoot, _ names: HostNames? = nil) throws {
        guard let handle = ccurl_open() else {
            throw HTTPError(
                subject: request.url, reason: ccurl_missing().map { String(cString: $0) } ?? "out of memory")
        }
        self.handle = handle
        self.request = request
        self.root = root
        self.names = names
    }

    deinit {
        ccurl_close(handle)
        ccurl_free(requestHeaders)
        ccurl_free(addresses)
    }

    /// Asks, and waits for the answer as long as the request allows.
    func perform() throws -> HTTPAnswer {
        try address()
        try message()
        try security()
        try receivers()
        try check(ccurl_perform(handle))
        return HTTPAnswer(
            status: Int(ccurl_status(handle)), headers: HTTPHeaders.lines(of: received.headers), body: received.body,
            location: ccurl_redirect(handle).map { String(cString: $0) })
    }

    private func address() throws {
        try set(CURLOPT_URL, request.url)
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_PROXY, request.proxy ?? "")
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_TIMEOUT_MS, Int(request.timeout))
        // Signals are the whole process's, and this is one thread of it.
        try set(CURLOPT_NOSIGNAL, 1)
        // As in the image's /etc/hosts, whatever the port is.
        for host in names?.others ?? [] { addresses = ccurl_append(addresses, "\(host.name)::\(host.address):") }
        if let addresses { try check(ccurl_set_list(handle, CURLOPT_CONNECT_TO, addresses)) }
        if !request.username.isEmpty || !request.password.isEmpty {
            try set(CURLOPT_USERNAME, request.username)
            try set(CURLOPT_PASSWORD, request.password)
        }
    }

    private func message() throws {
        switch (request.method.uppercased(), request.body.isEmpty) {
        case ("GET", true): try set(CURLOPT_HTTPGET, 1)
        case ("HEAD", true): try set(CURLOPT_NOBODY, 1)
        case (let method, let isEmpty):
            if !isEmpty || method == "POST" {
                try set(CURLOPT_POSTFIELDSIZE, request.body.utf8.count)
                try set(CURLOPT_COPYPOSTFIELDS, request.body)
            }
            if method == "POST" { try set(CURLOPT_POST, 1) } else { try set(CURLOPT_CUSTOMREQUEST, method) }
        }
        let hasAgent = request.headers.contains { $0.lowercased().hasPrefix("user-agent:") }
        if !hasAgent { try set(CURLOPT_USERAGENT, "goss/0.4 (bake)") }
        for header in request.headers { requestHeaders = ccurl_append(requestHeaders, header) }
        // libcurl announces bodies of more than a megabyte, and waits; Go's client does not.
        requestHeaders = ccurl_append(requestHeaders, "Expect:")
        try check(ccurl_set_list(handle, CURLOPT_HTTPHEADER, requestHeaders))
    }

    /// Who is trusted is the image's matter, not the machine's.
    private func security() throws {
        try set(CURLOPT_SSL_VERIFYPEER, request.allowInsecure ? 0 : 1)
        try set(CURLOPT_SSL_VERIFYHOST, request.allowInsecure ? 0 : 2)
        try check(ccurl_set_text(handle, CURLOPT_CAINFO, nil))
        try check(ccurl_set_text(handle, CURLOPT_CAPATH, nil))
        let authorities =
            try request.caFile.map { try root.contents(of: $0) }
            ?? root.contentsIfPresent(of: Self.authorities)
        if let authorities { try set(CURLOPT_CAINFO_BLOB, authorities) }
        if let certificate = request.certificateFile, let key = request.keyFile {
            try set(CURLOPT_SSLCERT_BLOB, try root.contents(of: certificate))
            try set(CURLOPT_SSLKEY_BLOB, try root.contents(of: key))
        }
    }

    private func receivers() throws {
        let body: ccurl_receiver = { bytes, _, count, context in
            HTTPExchange.receive(bytes, count, context) { $0.take(body: $1) }
        }
        let headers: ccurl_receiver = { bytes, _, count, context in
            HTTPExchange.receive(bytes, count, context) { $0.take(headers: $1) }
        }
        let context = Unmanaged.passUnretained(received).toOpaque()
        try check(ccurl_set_receiver(handle, CURLOPT_WRITEFUNCTION, body, CURLOPT_WRITEDATA, context))
        try check(ccurl_set_receiver(handle, CURLOPT_HEADERFUNCTION, headers, CURLOPT_HEADERDATA, context))
    }

    /// The size of an item is always 1 here. A return of 0 ends the transfer.
    private static func receive(
        _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?,
        _ take: (Received, UnsafeRawBufferPointer) -> Bool
    ) -> Int {
        guard let context else { return 0 }
        let received = Unmanaged<Received>.fromOpaque(context).takeUnretainedValue()
        return take(received, UnsafeRawBufferPointer(start: bytes, count: count)) ? count : 0
    }

    private func set(_ option: CURLoption, _ number: Int) throws {
        try check(ccurl_set_number(handle, option, number))
    }

    private func set(_ option: CURLoption, _ text: String) throws { try check(ccurl_set_text(handle, option, text)) }

    private func set(_ option: CURLoption, _ bytes: [UInt8]) throws {
        try check(ccurl_set_bytes(handle, option, bytes, bytes.count))
    }

    private func check(_ code: CURLcode) throws {
        guard code != CURLE_OK else { return }
        let tooLong = code == CURLE_WRITE_ERROR && received.isFull
        let reason =
            tooLong ? "the answer is longer than \(Received.longest) bytes" : String(cString: ccurl_explain(code))
        throw HTTPError(subject: request.url, reason: reason)
    }
}

/// What has come so far.
private final class Received {
    static let longest = 16 << 20
    private(set) var headers: [UInt8] = []
    private(set) var body: [UInt8] = []
    private(set) var isFull = false

    func take(headers bytes: UnsafeRawBufferPointer) -> Bool { take(bytes, into: \.headers) }

    func take(body bytes: UnsafeRawBufferPointer) -> Bool { take(bytes, into: \.body) }

    private func take(_ bytes: UnsafeRawBufferPointer, into part: ReferenceWritableKeyPath<Received, [UInt8]>) -> Bool {
        isFull = self[keyPath: part].count + bytes.count > Self.longest
        if !isFull { self[keyPath: part] += bytes }
        return !isFull
    }
}
