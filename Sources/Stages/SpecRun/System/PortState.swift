import Glibc
import LinuxSystem

/// A port in the image's network namespace.
struct PortState: ResourceState {
    let port: ListeningPort
    /// The addresses that are listened on, in the kernel's order.
    private let addresses: [String]
    private let directory: String

    /// Reads the sockets of a network namespace.
    /// - Parameter directory: /proc/PID/net of a process in it.
    init(_ port: ListeningPort, networkDirectory directory: String) throws {
        self.port = port
        self.directory = directory
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

extension PortState {
    /// A socket on `[::]` takes IPv4, too, and stands in the table of IPv6 alone: goss tells them apart, people do not.
    func remark(on property: Property) -> String? {
        let other = ListeningPort(network: port.network.otherVersion, number: port.number)
        guard property == .listening, addresses.isEmpty,
            let state = try? PortState(other, networkDirectory: directory), !state.addresses.isEmpty
        else { return nil }
        return "\(other.network.rawValue):\(port.number) is listened on"
    }
}

extension ListeningPort.Network {
    /// The same protocol over the other version of IP.
    fileprivate var otherVersion: ListeningPort.Network {
        switch self {
        case .tcp: .tcp6
        case .tcp6: .tcp
        case .udp: .udp6
        case .udp6: .udp
        }
    }

    /// Whether it has no state of listening: every bound socket counts.
    var isConnectionless: Bool { self == .udp || self == .udp6 }
}
