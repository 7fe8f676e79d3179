import Foundation
import Glibc
import LinuxSystem

/// Debian's docker-registry on loopback with an empty directory; it ends with its owner.
final class LocalRegistry {
    /// Where it listens, `127.0.0.1:PORT`.
    let address: String
    /// Where its blobs lie.
    let data: String
    private let child: ChildProcess

    /// Who may read, where there is a password: `htpasswd -nbB ann secret`.
    private static let passwords = "ann:$2y$05$/JXXE79oa8bNvJHBWOY0A.pgNKsOQ7MHzQzq/FHknXgZCHujcnE6m\n"

    /// Starts it.
    /// - Parameter hasPassword: whether it lets in nobody but `ann`, whose password is `secret`.
    init(in directory: String, hasPassword: Bool = false) throws {
        data = "\(directory)/registry\(UInt32.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        try Self.passwords.write(toFile: "\(data)/htpasswd", atomically: false, encoding: .utf8)
        let login = hasPassword ? "auth: { htpasswd: { realm: here, path: \(data)/htpasswd } }" : ""
        try """
        version: 0.1
        log: { level: info, accesslog: { disabled: true } }
        storage: { filesystem: { rootdirectory: \(data) } }
        http: { addr: "127.0.0.1:0" }
        \(login)
        """.write(toFile: "\(data)/config.yml", atomically: false, encoding: .utf8)
        let (read, write) = try Descriptor.pipe()
        child = try ChildProcess.start(
            "/usr/bin/docker-registry", ["serve", "\(data)/config.yml"],
            environment: ["PATH=/usr/bin:/bin", "OTEL_TRACES_EXPORTER=none"], descriptors: [2: write])
        address = try Self.address(in: read)
    }

    deinit { stop() }

    /// Ends it.
    func stop() {
        child.kill()
        _ = try? child.wait()
    }

    /// Its log says where it listens; what it says later goes nowhere.
    private static func address(in log: Descriptor) throws -> String {
        var text: [UInt8] = []
        var byte: [UInt8] = [0]
        while try byte.withUnsafeMutableBytes({ try log.read(into: $0) }) == 1 {
            text += byte
            guard byte[0] == 0x0a else { continue }
            let line = String(decoding: text, as: UTF8.self)
            if let start = line.firstRange(of: "listening on ")?.upperBound {
                _ = Worker { while try !log.readAll(limit: 1 << 30).isEmpty {} }
                return String(line[start...].prefix { $0.isNumber || $0 == "." || $0 == ":" })
            }
            text = []
        }
        throw CocoaError(.executableLoad)
    }
}
