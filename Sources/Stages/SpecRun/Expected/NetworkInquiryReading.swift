import BakeModel
import YAMLDocument

/// An address that something answers at: `tcp://localhost:80`.
struct AddressRequest: Hashable, Sendable {
    /// What stands before `://`.
    let network: String
    /// A name or number of a host and a port; a path for `unix`.
    let address: String
    /// The address to ask from.
    var localAddress: String?
    /// How long it may take, in milliseconds.
    var timeout: Int64 = 500

    /// What can be asked.
    static let networks = ["tcp", "tcp4", "tcp6", "udp", "udp4", "udp6", "unix"]
}

/// A name that is looked up.
struct NameRequest: Hashable, Sendable {
    let host: String
    /// The type of the records; nil for addresses of both kinds.
    let type: RecordType?
    /// The name server to ask; nil for those of the image.
    var server: String?
    /// How long it may take, in milliseconds.
    var timeout: Int64 = 500

    /// Types of records that goss knows, with their numbers of RFC 1035, 3596, 2782, 4255 and 8659.
    enum RecordType: String, CaseIterable, Hashable, Sendable {
        case a = "A"
        case ns = "NS"
        case cname = "CNAME"
        case ptr = "PTR"
        case mx = "MX"
        case txt = "TXT"
        case aaaa = "AAAA"
        case srv = "SRV"
        case sshfp = "SSHFP"
        case caa = "CAA"

        var number: UInt16 {
            switch self {
            case .a: 1
            case .ns: 2
            case .cname: 5
            case .ptr: 12
            case .mx: 15
            case .txt: 16
            case .aaaa: 28
            case .srv: 33
            case .sshfp: 44
            case .caa: 257
            }
        }
    }
}

extension SpecReading {
    /// `tcp://HOST:PORT`, also without the network, which is tcp.
    mutating func address(_ subject: YAMLScalar, _ map: YAMLMapping) -> Inquiry? {
        let separator = subject.text.firstRange(of: "://")
        let network = separator.map { String(subject.text[..<$0.lowerBound]) } ?? "tcp"
        let address = separator.map { String(subject.text[$0.upperBound...]) } ?? subject.text
        guard AddressRequest.networks.contains(network), network == "unix" || HostAndPort(address) != nil else {
            reader.note(
                "\"\(subject.text)\" is no address", at: subject.position,
                suggestion: "an address is tcp://HOST:PORT, udp://HOST:PORT or unix://PATH")
            return nil
        }
        var request = AddressRequest(network: network, address: address)
        request.localAddress = option("local-address", map)
        request.timeout = timeout(map) ?? request.timeout
        return .addr(request)
    }

    /// A host, or `TYPE:host`.
    mutating func name(_ subject: YAMLScalar, _ map: YAMLMapping) -> Inquiry? {
        let parts = subject.text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let isTyped = parts.count == 2 && !parts[0].isEmpty && parts[0].utf8.allSatisfy { (0x41...0x5a).contains($0) }
        let type = isTyped ? NameRequest.RecordType(rawValue: String(parts[0])) : nil
        if isTyped, type == nil {
            let types = NameRequest.RecordType.allCases.map(\.rawValue)
            reader.note(
                "there is no type of records \"\(parts[0])\"", at: subject.position,
                suggestion: "types are \(types.joined(separator: ", "))")
            return nil
        }
        var request = NameRequest(host: isTyped ? String(parts[1]) : subject.text, type: type)
        request.server = option("server", map)
        request.timeout = timeout(map) ?? request.timeout
        // Everything that is asked of the running image is asked again until it is so.
        _ = retries(map)
        return .dns(request)
    }

    /// `content`, whatever it is.
    mutating func matching(_ subject: YAMLScalar, _ map: YAMLMapping) -> Inquiry? {
        let asReader = map["as-reader"].flatMap { reader.flag($0, "\"as-reader\"") } ?? false
        return .matching(map["content"].map(DataValue.init) ?? .null, asReader: asReader)
    }
}

/// `HOST:PORT`, `[::1]:PORT`.
struct HostAndPort: Hashable {
    let host: String
    let port: UInt16

    /// Reads it; nil for anything else.
    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        self.host = host.isEmpty ? "localhost" : String(host)
        self.port = port
    }
}
