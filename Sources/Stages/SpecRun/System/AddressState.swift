import Glibc
import LinuxSystem

/// An address that something may answer at, asked from the image's network.
struct AddressState: ResourceState {
    private let request: AddressRequest
    private let isReachable: Bool

    /// Dials. Whatever goes wrong, it is not reachable, as in goss.
    /// - Parameters:
    ///   - names: who knows the numbers of hosts.
    ///   - root: where sockets are; nil where nothing runs that could have made one.
    init(_ request: AddressRequest, _ names: HostNames, _ root: MountedRoot?) {
        self.request = request
        isReachable = request.network == "unix" ? Self.dialsSocket(request, root) : Self.dials(request, names)
    }

    func value(of property: Property) throws -> FoundValue {
        guard property == .reachable else { throw StateError.unasked(property, of: request.address) }
        return .bool(isReachable)
    }

    private static func dials(_ request: AddressRequest, _ names: HostNames) -> Bool {
        guard let target = HostAndPort(request.address) else { return false }
        let start = ContinuousClock.now
        let version = request.network.last
        let hosts = names.addresses(of: target.host, timeout: request.timeout)
            .filter { version == "4" ? !$0.contains(":") : version == "6" ? $0.contains(":") : true }
        return hosts.contains { host in
            let left = request.timeout - (ContinuousClock.now - start).milliseconds
            guard let address = SocketAddress(host: host, port: target.port), left > 0 else { return false }
            let local = request.localAddress.flatMap(SocketAddress.init(local:))
            if request.localAddress != nil, local == nil { return false }
            let isStream = request.network.hasPrefix("tcp")
            let dial = try? SocketDial(to: address, from: local, isStream: isStream, timeout: Int32(clamping: left))
            return dial != nil
        }
    }

    private static func dialsSocket(_ request: AddressRequest, _ root: MountedRoot?) -> Bool {
        // By its descriptor: a path would be followed from this machine's root, and could be too long.
        guard let handle = try? root?.handle(at: request.address),
            let address = SocketAddress(path: "/proc/self/fd/\(handle.number)")
        else { return false }
        return withExtendedLifetime(handle) {
            (try? SocketDial(to: address, from: nil, isStream: true, timeout: Int32(clamping: request.timeout))) != nil
        }
    }
}

/// An address as the kernel takes it.
struct SocketAddress {
    let family: Int32
    /// The bytes of a sockaddr.
    let bytes: [UInt8]

    /// A numeric address and a port.
    init?(host: String, port: UInt16) {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let found else { return nil }
        defer { freeaddrinfo(found) }
        family = found.pointee.ai_family
        bytes = Array(UnsafeRawBufferPointer(start: found.pointee.ai_addr, count: Int(found.pointee.ai_addrlen)))
    }

    /// `IP:PORT`, or an address alone.
    init?(local text: String) {
        if let both = HostAndPort(text) {
            self.init(host: both.host, port: both.port)
        } else {
            self.init(host: text, port: 0)
        }
    }

    /// A socket's path. sockaddr_un is the family in two bytes and the path with its end.
    init?(path: String) {
        guard path.utf8.count < 108 else { return nil }
        family = AF_UNIX
        bytes = withUnsafeBytes(of: sa_family_t(AF_UNIX)) { Array($0) } + Array(path.utf8) + [0]
    }

    /// Calls with a pointer to it.
    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result? {
        bytes.withUnsafeBytes { raw in
            raw.baseAddress.map { body($0.assumingMemoryBound(to: sockaddr.self), socklen_t(raw.count)) }
        }
    }
}

/// A connected socket.
struct SocketDial {
    let socket: Descriptor

    /// Connects, and waits at most so many milliseconds. connect(2).
    init(to address: SocketAddress, from local: SocketAddress?, isStream: Bool, timeout: Int32) throws(SystemError) {
        let kind = Int32((isStream ? SOCK_STREAM : SOCK_DGRAM).rawValue)
        let flags = Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let number = try SystemError.check("open", "a socket") { Glibc.socket(address.family, kind | flags, 0) }
        socket = Descriptor(owning: number)
        if let local {
            _ = try SystemError.check("take", "the local address") { local.withPointer { bind(number, $0, $1) } ?? -1 }
        }
        let result = address.withPointer { connect(number, $0, $1) } ?? -1
        if result == 0 { return }
        guard errno == EINPROGRESS else { throw SystemError("connect to", "the address", number: errno) }
        var wait = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
        guard poll(&wait, 1, timeout) == 1 else { throw SystemError("connect to", "the address", number: ETIMEDOUT) }
        var problem: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        _ = try SystemError.check("examine", "a socket") { getsockopt(number, SOL_SOCKET, SO_ERROR, &problem, &length) }
        guard problem == 0 else { throw SystemError("connect to", "the address", number: problem) }
    }
}
