import BakeModel
import Clibcrypto

/// The first word of a known_hosts line: the hosts whose key it is.
struct HostNames {
    private let text: Substring

    init(_ text: Substring) { self.text = text }

    /// Whether the line is about a host, named `HOST` or `[HOST]:PORT`, in lower case.
    func match(_ name: String) -> Bool {
        if text.hasPrefix("|1|") { return HashedHost(text)?.matches(name) ?? false }
        let patterns = text.split(separator: ",")
        let refused = patterns.contains { $0.hasPrefix("!") && HostPattern(String($0.dropFirst())).matches(name) }
        return !refused && patterns.contains { !$0.hasPrefix("!") && HostPattern(String($0)).matches(name) }
    }
}

/// `|1|SALT|HASH`: the host's name as HMAC-SHA1, so that the file does not tell where its owner goes.
private struct HashedHost {
    let salt: [UInt8]
    let hash: [UInt8]

    init?(_ text: Substring) {
        let parts = text.split(separator: "|")
        guard parts.count == 3, let salt = Base64.bytes(parts[1]), let hash = Base64.bytes(parts[2])
        else { return nil }
        self.salt = salt
        self.hash = hash
    }

    func matches(_ name: String) -> Bool {
        var computed = [UInt8](repeating: 0, count: 20)
        var length = 0
        let bytes = Array(name.utf8)
        let done = EVP_Q_mac(
            nil, "HMAC", nil, "SHA1", nil, salt, salt.count, bytes, bytes.count, &computed, computed.count, &length)
        return done != nil && length == 20 && computed == hash
    }
}

/// A host's name with `*` and `?`.
private struct HostPattern {
    let bytes: [UInt8]

    init(_ text: String) { bytes = Array(text.lowercased().utf8) }

    func matches(_ name: String) -> Bool {
        // Row by row: which beginnings of the pattern match the beginning of the name read so far.
        var ends = Set([0])
        ends = skippingStars(ends)
        for byte in name.utf8 {
            var next: Set<Int> = []
            for end in ends where end < bytes.count {
                if bytes[end] == UInt8(ascii: "*") { next.insert(end) }
                if bytes[end] == UInt8(ascii: "?") || bytes[end] == byte { next.insert(end + 1) }
            }
            ends = skippingStars(next)
        }
        return ends.contains(bytes.count)
    }

    private func skippingStars(_ ends: Set<Int>) -> Set<Int> {
        var all = ends
        for index in bytes.indices where all.contains(index) && bytes[index] == UInt8(ascii: "*") {
            all.insert(index + 1)
        }
        return all
    }
}
