/// Who answers under an address: its scheme, host and port. RFC 6454.
struct HTTPOrigin: Hashable, Sendable, CustomStringConvertible {
    /// Whether the connection is encrypted.
    let isEncrypted: Bool
    /// The host in lower case.
    let host: String
    private let port: String

    /// Reads an address; nil where it is neither `http:` nor `https:`, or holds what readers of addresses take differently.
    init?(_ address: String) {
        guard address.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\\") }) else { return nil }
        let lower = address.lowercased()
        guard let scheme = ["https://", "http://"].first(where: lower.hasPrefix) else { return nil }
        isEncrypted = scheme == "https://"
        let authority = lower.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        let place = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        let colon = place.lastIndex(of: ":").flatMap { place[$0...].contains("]") ? nil : $0 }
        host = String(place[..<(colon ?? place.endIndex)])
        let given = colon.map { String(place[place.index(after: $0)...]) } ?? ""
        port = given.isEmpty ? (isEncrypted ? "443" : "80") : given
        guard !host.isEmpty else { return nil }
    }

    var description: String { "\(isEncrypted ? "https" : "http")://\(host):\(port)" }
}
