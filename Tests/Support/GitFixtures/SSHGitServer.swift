import Foundation
import Glibc
import LinuxSystem

/// sshd on loopback with a host key of its own, and an ssh-agent with a key that it takes; both end with their owner.
public final class SSHGitServer {
    /// Where it listens.
    public let port: Int
    /// The agent's socket.
    public let agent: String
    /// The host's public key, `ssh-ed25519 BASE64`.
    public let hostKey: String
    private let children: [ChildProcess]

    /// Whether this machine can run one: sshd there, and root to start it.
    public static var isAvailable: Bool { access("/usr/sbin/sshd", X_OK) == 0 && getuid() == 0 }

    /// Starts both, with their files in a directory.
    public init(directory: String) throws {
        for key in ["host", "user"] {
            try Self.run("/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", "\(directory)/\(key)"])
        }
        let text = try String(contentsOfFile: "\(directory)/host.pub", encoding: .utf8)
        hostKey = text.split(separator: " ").prefix(2).joined(separator: " ")
        agent = "\(directory)/agent"
        // sshd wants its empty directory; the package's service makes it at boot.
        try DurableFile.makeDirectories("/run/sshd")
        let server = try Self.server(directory)
        port = server.port
        children = [server.process, try Self.start("/usr/bin/ssh-agent", ["-D", "-a", agent])]
        for _ in 0..<100 where access(agent, F_OK) != 0 { usleep(20_000) }
        try Self.run("/usr/bin/ssh-add", ["-q", "\(directory)/user"], ["SSH_AUTH_SOCK=\(agent)"])
    }

    deinit {
        for child in children {
            child.kill()
            _ = try? child.wait()
        }
    }

    /// An sshd that greets. A free port may be taken by another test before it listens there: then on another one.
    private static func server(_ directory: String) throws -> (port: Int, process: ChildProcess) {
        let file = "\(directory)/config"
        for _ in 0..<5 {
            let port = try freePort()
            try configuration(directory, port).write(toFile: file, atomically: false, encoding: .utf8)
            let process = try start("/usr/sbin/sshd", ["-D", "-f", file])
            for _ in 0..<100 {
                if greets(port) { return (port, process) }
                usleep(20_000)
            }
            process.kill()
            _ = try? process.wait()
        }
        throw GitFailure(arguments: ["sshd", "-f", file], errors: "it greets nobody")
    }

    private static func configuration(_ directory: String, _ port: Int) -> String {
        """
        ListenAddress 127.0.0.1:\(port)
        HostKey \(directory)/host
        AuthorizedKeysFile \(directory)/user.pub
        PidFile none
        StrictModes no
        UsePAM no
        PermitRootLogin prohibit-password

        """
    }

    private static func start(_ path: String, _ arguments: [String]) throws -> ChildProcess {
        try ChildProcess.start(path, arguments, environment: ["PATH=/usr/bin:/bin"])
    }

    private static func run(_ path: String, _ arguments: [String], _ environment: [String] = []) throws {
        let run = try CompletedProcess.run(path, arguments, environment: environment)
        guard run.ending.succeeded else { throw GitFailure(arguments: arguments, errors: run.lastErrors) }
    }

    private static func address(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }

    private static func withSocket<Result>(_ port: Int, _ body: (Int32, inout sockaddr_in) -> Result) throws -> Result {
        let number = try SystemError.check("make", "a socket") { socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }
        let descriptor = Descriptor(owning: number)
        var address = address(port)
        return withExtendedLifetime(descriptor) { body(number, &address) }
    }

    private static func greets(_ port: Int) -> Bool {
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let greeting = try? withSocket(port) { number, address in
            var patience = timeval(tv_sec: 1, tv_usec: 0)
            setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
            let isThere = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(number, $0, size) }
            }
            var bytes = [UInt8](repeating: 0, count: 4)
            guard isThere == 0, recv(number, &bytes, bytes.count, Int32(MSG_WAITALL)) == bytes.count else {
                return ""
            }
            return String(decoding: bytes, as: UTF8.self)
        }
        return greeting == "SSH-"
    }

    private static func freePort() throws -> Int {
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        return try withSocket(0) { number, address in
            withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    _ = bind(number, $0, size)
                    getsockname(number, $0, &size)
                }
            }
            return Int(in_port_t(bigEndian: address.sin_port))
        }
    }
}
