import BakeModel
import Foundation
import Glibc
import LinuxSystem
import SSHSignatures

/// Real keys of OpenSSH's in a directory that goes with it.
public final class SigningBench: Sendable {
    /// The directory.
    public let directory: String

    /// A key pair.
    public struct Key: Sendable {
        /// The private half.
        public let path: String
        /// The public half, as `allowed_signers` wants it: type and key.
        public let publicHalf: String

        /// Signs with it.
        public var signer: SSHSigner { SSHSigner(key: path, environment: []) }
    }

    /// Something that OpenSSH refused.
    public struct Refusal: Error {
        let detail: String
    }

    /// Makes the directory.
    public init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "bake-keys-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// Makes a key.
    public func key(_ name: String, type: String = "ed25519") throws -> Key {
        let path = "\(directory)/\(name)"
        let run = try CompletedProcess.run(
            "/usr/bin/ssh-keygen", ["-q", "-t", type, "-N", "", "-C", name, "-f", path], environment: [])
        guard run.ending.succeeded else { throw Refusal(detail: run.lastErrors) }
        let words = try String(contentsOfFile: "\(path).pub", encoding: .utf8).split(separator: " ")
        return Key(path: path, publicHalf: words.prefix(2).joined(separator: " "))
    }
}

/// An ssh-agent of the test's own.
public struct TestAgent: Sendable {
    /// Where it listens.
    public let socket: String
    private let process: ChildProcess

    /// Starts it, and gives it a key.
    public init(in bench: SigningBench, key: SigningBench.Key) throws {
        socket = "\(bench.directory)/agent"
        process = try ChildProcess.start("/usr/bin/ssh-agent", ["-D", "-a", socket], environment: [])
        for _ in 0..<500 where access(socket, F_OK) != 0 { usleep(10_000) }
        let run = try CompletedProcess.run(
            "/usr/bin/ssh-add", ["-q", key.path], environment: ["SSH_AUTH_SOCK=\(socket)"])
        guard run.ending.succeeded else { throw SigningBench.Refusal(detail: run.lastErrors) }
    }

    /// Ends it.
    public func end() {
        process.kill()
        _ = try? process.wait()
    }
}
