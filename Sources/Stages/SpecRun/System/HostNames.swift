import Glibc
import LinuxSystem

/// Who in the image knows the numbers of hosts: its /etc/hosts, then the name servers of its /etc/resolv.conf.
struct HostNames {
    private let hosts: [(address: String, names: [String])]
    private let servers: [String]

    /// Reads the files of a running image.
    init(_ root: any ImageRoot) {
        hosts = Self.lines(root, "/etc/hosts").map { ($0[0], Array($0.dropFirst())) }
        servers = Self.lines(root, "/etc/resolv.conf").filter { $0[0] == "nameserver" && $0.count > 1 }.map { $0[1] }
    }

    /// The addresses of a host, sorted; none where nobody knows it. A number is its own address.
    func addresses(of host: String, timeout: Int64) -> [String] {
        if SocketAddress(host: host, port: 0) != nil { return [host] }
        let known = hosts.filter { $0.names.contains { $0.lowercased() == host.lowercased() } }.map(\.address)
        if !known.isEmpty { return unique(known) }
        if host == "localhost" { return ["127.0.0.1", "::1"] }
        for server in servers.prefix(3) {
            let found = [NameRequest.RecordType.a, .aaaa].flatMap {
                (try? NameQuery(host: host, type: $0).records(from: server, port: 53, timeout: timeout)) ?? []
            }
            if !found.isEmpty { return unique(found) }
        }
        return []
    }

    /// Every name of /etc/hosts but the loopback's, with its first address.
    var others: [(name: String, address: String)] {
        var seen: Set<String> = []
        let known = hosts.flatMap { host in host.names.map { (name: $0, address: host.address) } }
        return known.filter { !Self.loopbacks.contains($0.address) && seen.insert($0.name).inserted }
    }

    private static let loopbacks = ["127.0.0.1", "::1"]

    private func unique(_ addresses: [String]) -> [String] {
        Set(addresses).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private static func lines(_ root: any ImageRoot, _ path: String) -> [[String]] {
        let text = (try? root.contentsIfPresent(of: path)) ?? nil
        return String(decoding: text ?? [], as: UTF8.self).split(whereSeparator: \.isNewline).compactMap { line in
            let words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" }.map(String.init)
            return words.isEmpty ? nil : words
        }
    }
}
