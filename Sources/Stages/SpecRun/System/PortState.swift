import Glibc
import LinuxSystem

/// A port in the image's network namespace.
struct PortState: ResourceState {
    let port: ListeningPort
    /// The addresses that are listened on, in the kernel's order.
    private let addresses: [String]

    /// Reads the sockets of a network namespace.
    /// - Parameter directory: /proc/PID/net of a process in it.
    init(_ port: ListeningPort, networkDirectory directory: String) throws {
        self.port = port
        let path = "\(directory)/\(port.network.rawValue)"
        let table = try Descriptor.open(path, O_RDONLY).readAll(limit: 16 << 20)
        addresses = SocketTable(String(decoding: table, as: UTF8.self)).sockets
            .filter { $0.port == port.number && (port.network.isConnectionless || $0.isListening) }
            .map(\.address)
    }

    func value(of property: Property) throws -> FoundValue {
        switch property {
        case .listening: .bool(!addresses.isEmpty)
        case .ip: .texts(addresses)
        default: throw StateError.unasked(property, of: "port \(port.number)")
        }
    }
}

extension ListeningPort.Network {
    /// Whether it has no state of listening: every bound socket counts.
    var isConnectionless: Bool { self == .udp || self == .udp6 }
}
