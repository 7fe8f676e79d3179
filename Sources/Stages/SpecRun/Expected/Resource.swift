import BakeModel

/// One thing that a spec asks about, and what it expects.
struct Resource: Hashable, Sendable {
    /// How it is known in reports: its key, with the subject where that is another.
    let id: String
    /// Its key in the file: a file that includes another may say something else of the same.
    let key: String
    /// What is asked, of what.
    let inquiry: Inquiry
    /// The properties, in the order of evaluation.
    let expectations: [Expectation]
    /// Whether it is not looked at.
    let isSkipped: Bool
    /// What its author calls it, and notes of it; no check looks at them.
    var title: String?
    var meta: JSON?

    /// Its type.
    var type: ResourceType { inquiry.type }

    /// Whether it is asked of the running image: of a service only where the file asks whether it runs.
    var isBehaviour: Bool {
        type.isBehaviour || (type == .service && expectations.contains { $0.property == .running })
    }
}

/// A property and what it must be.
struct Expectation: Hashable, Sendable {
    /// The property.
    let property: Property
    /// What it must be; nil where it is required and the file does not say, which fails.
    let matcher: Matcher?
}

/// What is asked, of what.
enum Inquiry: Hashable, Sendable {
    case file(path: String)
    case package(name: String)
    case user(name: String)
    case group(name: String)
    case command(CommandRequest)
    case port(ListeningPort)
    case process(name: String)
    case http(HTTPRequest)
    case addr(AddressRequest)
    case dns(NameRequest)
    case interface(name: String)
    case kernelParam(name: String)
    case matching(DataValue, asReader: Bool)
    case mount(path: String)
    case service(name: String)

    var type: ResourceType {
        switch self {
        case .file: .file
        case .package: .package
        case .user: .user
        case .group: .group
        case .command: .command
        case .port: .port
        case .process: .process
        case .http: .http
        case .addr: .addr
        case .dns: .dns
        case .interface: .interface
        case .kernelParam: .kernelParam
        case .matching: .matching
        case .mount: .mount
        case .service: .service
        }
    }
}

/// A command, and how often it may be tried.
struct CommandRequest: Hashable, Sendable {
    /// What runs: `sh -c` with the text, or the words as they are.
    let program: RootProgram
    /// How long it may take, in milliseconds.
    var timeout: Int64 = 10_000
    /// How often it is tried again where something is not as expected.
    var retries = 0
    /// How long after a try the next one starts, in milliseconds.
    var retryDelay: Int64 = 1000
}

/// A port that something listens on: `tcp:22`, `udp6:53`.
struct ListeningPort: Hashable, Sendable {
    enum Network: String, CaseIterable, Hashable, Sendable { case tcp, tcp6, udp, udp6 }

    /// The protocol and the version of IP.
    let network: Network
    /// The number.
    let number: UInt16

    init(network: Network, number: UInt16) {
        self.network = network
        self.number = number
    }

    /// Reads `22` (which is tcp) or `NETWORK:22`.
    init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let number = parts.last.flatMap({ UInt16($0) }),
            let network = parts.count == 2 ? Network(rawValue: String(parts[0])) : .tcp
        else { return nil }
        self.init(network: network, number: number)
    }
}

/// A request over HTTP.
struct HTTPRequest: Hashable, Sendable {
    /// Where to; `http` or `https`.
    var url: String
    var method = "GET"
    /// Whether any certificate will do.
    var allowInsecure = false
    /// Whether an answer that sends elsewhere is the answer.
    var noFollowRedirects = false
    /// How long it may take, in milliseconds.
    var timeout: Int64 = 5000
    /// Lines `Name: value`.
    var headers: [String] = []
    var body = ""
    var username = ""
    var password = ""
    /// Files of the image.
    var caFile: String?
    var certificateFile: String?
    var keyFile: String?
    var proxy: String?
    /// The header that tells where an earlier answer sent this from; no spec says it.
    var referrer: String?
}
