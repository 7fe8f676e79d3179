import Glibc
import LinuxSystem

/// A network interface of this process's namespace, which is the image's own. getifaddrs(3), netdevice(7).
struct InterfaceState: ResourceState {
    let name: String
    private let exists: Bool
    private let addresses: [String]

    /// Looks at it.
    init(_ name: String) throws {
        self.name = name
        exists = if_nametoindex(name) != 0
        var list: UnsafeMutablePointer<ifaddrs>?
        try SystemError.check("list the addresses of", name) { getifaddrs(&list) }
        defer { freeifaddrs(list) }
        var addresses: [String] = []
        for entry in sequence(first: list, next: { $0?.pointee.ifa_next }) {
            guard let entry, String(cString: entry.pointee.ifa_name) == name else { continue }
            if let address = Self.address(entry.pointee) { addresses.append(address) }
        }
        self.addresses = addresses
    }

    func value(of property: Property) throws -> FoundValue {
        if property == .exists { return .bool(exists) }
        guard exists else { throw StateError(subject: name, reason: "there is no such interface") }
        switch property {
        case .addrs: return .texts(addresses)
        case .mtu: return .number(try transmissionUnit())
        default: throw StateError.unasked(property, of: name)
        }
    }

    /// `127.0.0.1/8`
    private static func address(_ entry: ifaddrs) -> String? {
        guard let address = entry.ifa_addr, let mask = entry.ifa_netmask else { return nil }
        let family = Int32(address.pointee.sa_family)
        // The number's place in sockaddr_in and sockaddr_in6, and its length.
        let place: (offset: Int, length: Int)? = family == AF_INET ? (4, 4) : family == AF_INET6 ? (8, 16) : nil
        guard let place else { return nil }
        let number = UnsafeRawPointer(address) + place.offset
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(family, number, &buffer, socklen_t(buffer.count)) != nil else { return nil }
        let bits = UnsafeRawBufferPointer(start: UnsafeRawPointer(mask) + place.offset, count: place.length)
            .reduce(0) { $0 + $1.nonzeroBitCount }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) + "/\(bits)"
    }

    /// `struct ifreq` is the name in 16 bytes, then a union whose number this is.
    private func transmissionUnit() throws -> Int64 {
        let number = try SystemError.check("open a socket for", name) {
            Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        }
        let socket = Descriptor(owning: number)
        return try withUnsafeTemporaryAllocation(byteCount: 40, alignment: 8) { request in
            request.initializeMemory(as: UInt8.self, repeating: 0)
            request.copyBytes(from: name.utf8.prefix(15))
            try SystemError.check("examine", name) {
                request.baseAddress.map { ioctl(socket.number, UInt(SIOCGIFMTU), $0) } ?? -1
            }
            return Int64(request.load(fromByteOffset: 16, as: Int32.self))
        }
    }
}
