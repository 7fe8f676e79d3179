/// What a sandbox is called, and whom it knows by name.
public struct SandboxNames: Hashable, Sendable {
    /// The host name that programs see.
    public let own: String
    /// Names that /etc/hosts has besides the loopback's, with their addresses.
    public let others: [String: String]

    /// Nobody but itself.
    public static let alone = SandboxNames(own: Sandbox.hostName)

    /// Describes them.
    public init(own: String, others: [String: String] = [:]) {
        self.own = own
        self.others = others
    }

    /// The text of /etc/hosts. A name that the network knows is not the loopback's as well: programs that listen on
    /// their own name would not be heard.
    var hosts: String {
        let loopback =
            "127.0.0.1 localhost\(others[own] == nil ? " \(own)" : "")\n::1 localhost ip6-localhost ip6-loopback\n"
        return loopback + others.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)\n" }.joined()
    }
}
