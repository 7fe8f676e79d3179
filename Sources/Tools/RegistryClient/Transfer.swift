import BakeModel

/// One request to a server, as the helper process is asked for it.
struct Transfer: Hashable {
    /// The address.
    var address: String
    /// Whole header lines, `Name: value`.
    var headers: [String]
    /// How many bytes the answer's content may have in all.
    let limit: UInt64
    /// How many bytes of the content are there already: only the rest is asked for.
    var offset: UInt64 = 0
    /// Whether the content goes to a file, which can be cut and written again.
    let isFile: Bool
    /// The proxy to go through; nil for none.
    var proxy: String?
    /// Hosts that need no proxy.
    var exceptions: String?
    /// A file of certificates; the machine's own where nil.
    let certificates: String?
    /// Seconds until the connection must stand.
    let connectSeconds: Int
    /// Seconds without a byte after which the connection counts as broken.
    let stallSeconds: Int

    var json: JSON {
        .record([
            "address": .string(address), "headers": .array(headers.map(JSON.string)),
            "limit": .number(Int64(clamping: limit)), "offset": .number(Int64(clamping: offset)),
            "file": .bool(isFile), "proxy": proxy.map(JSON.string), "exceptions": exceptions.map(JSON.string),
            "certificates": certificates.map(JSON.string), "connect": .number(Int64(connectSeconds)),
            "stall": .number(Int64(stallSeconds)),
        ])
    }
}

extension Transfer {
    init(_ json: JSON) throws(TransferProtocolError) {
        guard let address = json["address"]?.string, let headers = json["headers"]?.all(\.string),
            let limit = json["limit"]?.size, let offset = json["offset"]?.size, let isFile = json["file"]?.bool,
            let connect = json["connect"]?.size, let stall = json["stall"]?.size
        else { throw TransferProtocolError(subject: "the request") }
        self.init(
            address: address, headers: headers, limit: limit, offset: offset, isFile: isFile,
            proxy: json["proxy"]?.string, exceptions: json["exceptions"]?.string,
            certificates: json["certificates"]?.string, connectSeconds: Int(clamping: connect),
            stallSeconds: Int(clamping: stall))
    }
}

/// What became of a request.
struct TransferAnswer: Hashable {
    /// The status, 0 where no answer came.
    let status: Int
    /// The answer's headers, their names in lower case.
    let headers: [String: [String]]
    /// Where the answer sends the asker, as a whole address.
    let redirect: String?
    /// The first bytes of an answer that is not the content.
    let message: String
    /// Why there was no whole answer; nil where there was one.
    let failure: Failure?

    /// Why there was no whole answer.
    struct Failure: Hashable {
        let kind: Kind
        /// libcurl's own words.
        let words: String

        enum Kind: String {
            case unknownHost, refused, certificate, broken, tooLong, other
        }
    }

    var json: JSON {
        .record([
            "status": .number(Int64(status)), "message": .string(message), "redirect": redirect.map(JSON.string),
            "headers": .object(headers.mapValues { .array($0.map(JSON.string)) }),
            "failure": failure.map { ["kind": .string($0.kind.rawValue), "words": .string($0.words)] },
        ])
    }
}

extension TransferAnswer {
    init(_ json: JSON) throws(TransferProtocolError) {
        guard let status = json["status"]?.size, let message = json["message"]?.string,
            let headers = json["headers"]?.members
        else { throw TransferProtocolError(subject: "the answer") }
        self.status = Int(clamping: status)
        self.message = message
        self.headers = headers.mapValues { $0.all(\.string) ?? [] }
        redirect = json["redirect"]?.string
        failure = json["failure"].map { failure in
            Failure(
                kind: failure["kind"]?.string.flatMap(Failure.Kind.init) ?? .other,
                words: failure["words"]?.string ?? "")
        }
    }
}

/// The two sides of the helper's pipe do not understand each other: a fault of bake's.
struct TransferProtocolError: ExplainedError, Hashable {
    let subject: String
    var doing: String { "understand, between bake and its helper," }
    var reason: String { "it is malformed" }
}
