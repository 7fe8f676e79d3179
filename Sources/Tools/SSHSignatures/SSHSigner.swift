import BakeModel
import LinuxSystem

/// Signs with a person's SSH key: `ssh-keygen -Y sign` (PROTOCOL.sshsig). The key never passes through bake.
public struct SSHSigner: Sendable {
    private let key: String
    private let environment: [String]
    private static let program = "/usr/bin/ssh-keygen"
    private static let patience: Double = 120

    /// - Parameters:
    ///   - key: the path of a private key, or of a public one whose other half an agent has.
    ///   - environment: what ssh-keygen needs to reach the agent and to ask for a passphrase, `NAME=value`.
    public init(key: String, environment: [String]) {
        self.key = key
        self.environment = environment
    }

    /// The variables that reach the agent, and that ask for a passphrase without a terminal.
    public static let variables = ["SSH_AUTH_SOCK", "SSH_ASKPASS", "SSH_ASKPASS_REQUIRE", "DISPLAY", "HOME", "TERM"]

    /// Signs bytes.
    /// - Returns: the signature, armoured.
    /// - Throws: `SignatureFault.unsigned`; `SystemError` where ssh-keygen cannot be started.
    public func sign(_ bytes: [UInt8], namespace: String) throws -> String {
        let run = try CompletedProcess.run(
            Self.program, ["-Y", "sign", "-q", "-f", key, "-n", namespace], environment: environment,
            input: try Descriptor.memory(bytes), outputLimit: 1 << 20, deadline: Self.patience)
        guard run.ending.succeeded, !run.output.isEmpty else {
            throw SignatureFault.unsigned(key: key, detail: run.firstComplaint ?? run.ending.explanation)
        }
        return run.text
    }
}

extension CompletedProcess {
    /// The first line of standard error that says something of its own.
    var firstComplaint: String? {
        String(decoding: errors, as: UTF8.self).split(whereSeparator: \.isNewline)
            .first { !$0.hasPrefix("Signing data") }.map(String.init)
    }
}
