import BakeModel

/// An answer over HTTP.
struct HTTPState: ResourceState {
    let url: String
    private let answer: Result<HTTPAnswer, any Error>

    /// Asks. Files that the request names are the image's.
    /// - Parameter names: who knows the addresses of other hosts.
    init(_ request: HTTPRequest, _ root: any ImageRoot, _ names: HostNames? = nil) {
        url = request.url
        answer = Result { try HTTPConversation(request, root, names).answer() }
    }

    func value(of property: Property) throws -> FoundValue {
        let answer = try answer.get()
        switch property {
        case .status: return .number(Int64(answer.status))
        case .headers: return .text(Array(answer.headers.joined(separator: "\n").utf8))
        case .body: return .text(answer.body)
        default: throw StateError.unasked(property, of: url)
        }
    }
}

/// What a server answered.
struct HTTPAnswer: Hashable {
    let status: Int
    /// Lines `Name: value`, sorted, with names as Go writes them: `Content-Type`.
    let headers: [String]
    let body: [UInt8]
    /// The URL that it sends to; nil where it is an answer.
    let redirect: String?

    /// - Parameter location: where its `Location` leads; nil where it has none.
    init(status: Int, headers: [String], body: [UInt8], location: String?) {
        self.status = status
        self.headers = headers
        self.body = body
        redirect = [301, 302, 303, 307, 308].contains(status) ? location : nil
    }

    /// Whether it sends on the request as it is, with its body.
    var keepsMethod: Bool { status == 307 || status == 308 }

    /// Whether it names a place of the same server: no URL with a scheme.
    var isRelativeRedirect: Bool {
        guard let line = headers.first(where: { $0.hasPrefix("Location: ") }) else { return false }
        let beforeColon = line.dropFirst("Location: ".count).split(separator: ":", maxSplits: 1)
        return beforeColon.count < 2 || beforeColon[0].contains { "/?#".contains($0) }
    }
}

/// Why there was no answer.
struct HTTPError: ExplainedError, Hashable {
    let subject: String
    let reason: String
    var doing: String { "ask" }
}
