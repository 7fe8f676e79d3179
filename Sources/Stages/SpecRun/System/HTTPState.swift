import BakeModel

/// An answer over HTTP.
struct HTTPState: ResourceState {
    let url: String
    private let answer: Result<HTTPAnswer, any Error>

    /// Asks. Files that the request names are the image's.
    /// - Parameter names: who knows the addresses of other hosts.
    init(_ request: HTTPRequest, _ root: ImageRoot, _ names: HostNames? = nil) {
        url = request.url
        answer = Result { try HTTPExchange(request, root, names).perform() }
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

/// What a server answered last.
struct HTTPAnswer: Hashable {
    let status: Int
    /// Lines `Name: value`, sorted, with names as Go writes them: `Content-Type`.
    let headers: [String]
    let body: [UInt8]
}

/// Why there was no answer.
struct HTTPError: ExplainedError, Hashable {
    let subject: String
    let reason: String
    var doing: String { "ask" }
}
