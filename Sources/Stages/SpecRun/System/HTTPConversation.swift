import BakeModel

/// A request and those that its answers lead to, followed as goss's client follows them. Go's net/http/client.go.
struct HTTPConversation {
    private let first: HTTPRequest
    private let root: any ImageRoot
    private let names: HostNames?
    /// Go's client asks no more often than this.
    private static let most = 10

    /// - Parameter names: who knows the addresses of other hosts.
    init(_ request: HTTPRequest, _ root: any ImageRoot, _ names: HostNames? = nil) {
        first = request
        self.root = root
        self.names = names
    }

    /// The last answer. The request's time is that of all together.
    func answer() throws -> HTTPAnswer {
        let deadline = ContinuousClock.now + .milliseconds(first.timeout)
        var request = first
        for _ in 0..<Self.most {
            let answer = try HTTPExchange(request, root, names).perform()
            guard !first.noFollowRedirects, let target = answer.redirect else { return answer }
            request = self.request(after: request, answer, to: target)
            request.timeout = max(1, (deadline - ContinuousClock.now).milliseconds)
        }
        throw HTTPError(subject: first.url, reason: "stopped after \(Self.most) redirects")
    }

    /// A 301, 302 or 303 is followed without a body, and with another method than GET or HEAD by a GET; a 307 or 308 keeps
    /// both.
    private func request(after last: HTTPRequest, _ answer: HTTPAnswer, to target: String) -> HTTPRequest {
        var next = last
        next.url = target
        if answer.keepsMethod {
            next.body = first.body
        } else {
            next.body = ""
            next.method = ["GET", "HEAD"].contains(last.method.uppercased()) ? last.method : "GET"
        }
        if !answer.isRelativeRedirect { next.dropHeaders(["host"]) }
        if !HostName(of: target).isWithin(HostName(of: first.url)) { next.dropSecrets() }
        next.refer(to: last.url)
        return next
    }
}

extension HTTPRequest {
    /// What tells who asks is not told to other hosts.
    fileprivate mutating func dropSecrets() {
        (username, password) = ("", "")
        dropHeaders(["authorization", "www-authenticate", "cookie", "cookie2"])
    }

    fileprivate mutating func dropHeaders(_ names: Set<String>) {
        headers.removeAll { names.contains($0.prefix { $0 != ":" }.lowercased()) }
    }

    /// Says where the request comes from: not to whoever listens in, and not where the spec says something else.
    fileprivate mutating func refer(to last: String) {
        let isDowngrade = last.hasPrefix("https:") && url.hasPrefix("http:")
        if headers.contains(where: { $0.lowercased().hasPrefix("referer:") && $0 != referrer }) { return }
        dropHeaders(["referer"])
        referrer = isDowngrade ? nil : "Referer: \(HostName.withoutUser(last))"
        referrer.map { headers.append($0) }
    }
}

/// The host of a URL, in lower case and without its port.
struct HostName {
    let text: String

    init(of url: String) {
        let authority = Self.authority(of: url)
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        let end = host.hasPrefix("[") ? host.firstIndex(of: "]") : host.firstIndex(of: ":")
        text = host[..<(end ?? host.endIndex)].lowercased()
    }

    /// Whether it is another host or below it: `isDomainOrSubdomain`.
    func isWithin(_ other: HostName) -> Bool {
        if text == other.text { return true }
        return !text.hasPrefix("[") && text.hasSuffix(".\(other.text)")
    }

    /// A URL without the name and the password that it may have.
    static func withoutUser(_ url: String) -> String {
        let authority = authority(of: url)
        guard let sign = authority.lastIndex(of: "@") else { return url }
        return String(url[..<authority.startIndex] + url[url.index(after: sign)...])
    }

    private static func authority(of url: String) -> Substring {
        guard let colon = url.firstIndex(of: ":"), url[colon...].hasPrefix("://") else { return url[...] }
        return url[url.index(colon, offsetBy: 3)...].prefix { !"/?#".contains($0) }
    }
}
