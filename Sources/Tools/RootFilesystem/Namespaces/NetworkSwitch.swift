import CLinux
import LinuxSystem

/// A network that programs of several sandboxes have among themselves, and nobody else: each in a network namespace of
/// its own, so that ports and loopbacks of one are not another's, with a cable to one bridge.
///
/// Namespaces and not containers' usual daemons: whoever is root in a user namespace of bake's may make them, so every
/// user may. The bridge and the cables are gone with the process whose network namespace they are in.
public struct NetworkSwitch: Sendable {
    /// How many may be connected to one.
    public static let most = 32
    /// 10.0.0.0/24, whose first address nobody has.
    private static let network: UInt32 = 0x0a00_0000
    private static let mask: UInt32 = 0xffff_ff00
    private static let first = 2

    private let number: Int

    /// Makes a switch in this process's network namespace. Only inside a user namespace of bake's with a network of its
    /// own.
    /// - Parameter number: tells it from others of the same process.
    public init(number: Int) throws(SystemError) {
        self.number = number
        let name = Self.name(number)
        try SystemError.check("make a network between images:", "the bridge \(name)") { clinux_make_bridge(name) }
    }

    /// Moves the calling thread, and with it every sandbox with a shared network that it starts, to a place there.
    /// - Parameter place: from 0 on; nobody else may have it.
    public func enter(at place: Int) throws(SystemError) {
        let port = "port\(number)-\(place)"
        let address = Self.network + UInt32(Self.first + place)
        try SystemError.check("connect to the network between images:", "the cable \(port)") {
            clinux_enter_switched_network(Self.name(number), port, address, Self.mask)
        }
    }

    /// The address of a place.
    public static func address(of place: Int) -> String { "10.0.0.\(first + place)" }

    private static func name(_ number: Int) -> String { "switch\(number)" }
}
