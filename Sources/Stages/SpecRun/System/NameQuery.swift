import BakeModel
import Glibc
import LinuxSystem

/// A question to a name server. RFC 1035.
struct NameQuery {
    let host: String
    let type: NameRequest.RecordType

    /// Asks over UDP.
    /// - Parameters:
    ///   - server: a numeric address.
    ///   - timeout: milliseconds.
    /// - Throws: why there is no answer. A name that does not exist is an answer without records.
    func records(from server: String, port: UInt16, timeout: Int64) throws -> [String] {
        guard let address = SocketAddress(host: server, port: port) else {
            throw StateError(subject: server, reason: "it is no address")
        }
        let limit = Int32(clamping: timeout)
        let socket = try SocketDial(to: address, from: nil, isStream: false, timeout: limit).socket
        // Only this process sends from this port, so the number need not be hard to guess.
        let number = UInt16.random(in: 0...UInt16.max)
        let question = try message(number)
        _ = try question.withUnsafeBytes { bytes in
            try SystemError.check("ask", server) {
                Int32(clamping: send(socket.number, bytes.baseAddress, bytes.count, 0))
            }
        }
        let start = ContinuousClock.now
        while true {
            let left = timeout - (ContinuousClock.now - start).milliseconds
            var wait = pollfd(fd: socket.number, events: Int16(POLLIN), revents: 0)
            guard left > 0, poll(&wait, 1, Int32(clamping: left)) == 1 else {
                throw StateError(subject: host, reason: "the name server \(server) did not answer within \(timeout) ms")
            }
            var buffer = [UInt8](repeating: 0, count: 65_535)
            let count = try SystemError.check("hear", server) {
                Int32(clamping: recv(socket.number, &buffer, buffer.count, 0))
            }
            if let records = NameAnswer(Array(buffer.prefix(Int(count))), to: number)?.records(of: type) {
                return records
            }
        }
    }

    private func message(_ number: UInt16) throws -> [UInt8] {
        var message: [UInt8] = []
        // One question, recursion wanted.
        for word in [number, 0x0100, 1, 0, 0, 0] { message += [UInt8(word >> 8), UInt8(word & 0xff)] }
        for label in try name().split(separator: ".") {
            guard label.utf8.count < 64 else { throw StateError(subject: host, reason: "it is no name of a host") }
            message += [UInt8(label.utf8.count)] + Array(label.utf8)
        }
        return message + [0, UInt8(type.number >> 8), UInt8(type.number & 0xff), 0, 1]
    }

    /// The name to ask for; a number's for PTR, `1.0.0.127.in-addr.arpa`.
    private func name() throws -> String {
        guard type == .ptr else { return host }
        guard let address = SocketAddress(host: host, port: 0) else {
            throw StateError(subject: host, reason: "PTR takes the number of a host")
        }
        if address.family == AF_INET {
            return address.bytes[4..<8].reversed().map(String.init).joined(separator: ".") + ".in-addr.arpa"
        }
        let digits = address.bytes[8..<24].reversed().flatMap { [$0 & 15, $0 >> 4] }
        return digits.map { String($0, radix: 16) }.joined(separator: ".") + ".ip6.arpa"
    }
}
