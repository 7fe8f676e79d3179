import Glibc

/// A table of sockets, `/proc/net/tcp` and its like. proc(5); the numbers are hexadecimal, addresses in the machine's
/// byte order, 32 bits at a time.
struct SocketTable {
    struct Socket: Hashable {
        let address: String
        let port: UInt16
        let isListening: Bool
    }

    /// The sockets, in the kernel's order.
    let sockets: [Socket]
    /// TCP_LISTEN of the kernel's tcp_states.h.
    private static let listening = "0A"

    /// Reads a table; lines that are none are left out, such as the heading.
    init(_ text: String) {
        sockets = text.split(separator: "\n").dropFirst().compactMap(Self.socket)
    }

    private static func socket(_ line: Substring) -> Socket? {
        let fields = line.split(separator: " ")
        guard fields.count > 3 else { return nil }
        let local = fields[1].split(separator: ":")
        guard local.count == 2, let port = UInt16(local[1], radix: 16), let address = address(local[0]) else {
            return nil
        }
        return Socket(address: address, port: port, isListening: fields[3] == listening)
    }

    /// `0100007F` is 127.0.0.1, 32 digits are an address of version 6.
    private static func address(_ digits: Substring) -> String? {
        var words: [UInt32] = []
        var rest = digits
        while !rest.isEmpty {
            guard let word = UInt32(rest.prefix(8), radix: 16) else { return nil }
            words.append(word)
            rest = rest.dropFirst(8)
        }
        switch words.count {
        case 1: return text(words, AF_INET)
        // An address of version 4 within version 6 is written as version 4, as Go's net.IP has it.
        case 4 where words[0] == 0 && words[1] == 0 && words[2] == UInt32(0xffff).bigEndian:
            return text([words[3]], AF_INET)
        case 4: return text(words, AF_INET6)
        default: return nil
        }
    }

    private static func text(_ words: [UInt32], _ family: Int32) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(family, words, &buffer, socklen_t(buffer.count)) != nil else { return nil }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
