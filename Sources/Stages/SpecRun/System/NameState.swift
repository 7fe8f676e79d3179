import BakeModel

/// A name that was looked up from the image's network.
struct NameState: ResourceState {
    let host: String
    private let records: Result<[String], any Error>

    /// Looks it up: with a server at that one, else as the image's own programs would, which know addresses alone.
    init(_ request: NameRequest, _ names: HostNames) {
        host = request.host
        records = Result { try Self.records(request, names).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
    }

    func value(of property: Property) throws -> FoundValue {
        switch property {
        case .resolvable: return .bool(try !records.get().isEmpty)
        case .addrs: return .texts(try records.get())
        default: throw StateError.unasked(property, of: host)
        }
    }

    private static func records(_ request: NameRequest, _ names: HostNames) throws -> [String] {
        guard let server = request.server else { return names.addresses(of: request.host, timeout: request.timeout) }
        let place = HostAndPort(server)
        guard let number = names.addresses(of: place?.host ?? server, timeout: request.timeout).first else {
            throw StateError(subject: server, reason: "nobody knows the address of this name server")
        }
        let types = request.type.map { [$0] } ?? [.a, .aaaa]
        return try types.flatMap {
            try NameQuery(host: request.host, type: $0).records(
                from: number, port: place?.port ?? 53, timeout: request.timeout)
        }
    }
}
