import ArgumentParser
import BakeModel
import LinuxSystem
import RootFilesystem

/// The secrets that commands of the pipeline may read.
struct SecretOptions: ParsableArguments {
    @Option(
        name: .customLong("secret"),
        help: ArgumentHelp(
            "A file that commands find as /run/secrets/NAME, and nobody anywhere else.", valueName: "name=file"))
    var secrets: [NamedValue] = []

    /// Reads the files.
    func read(_ session: CommandSession) throws -> [String: SandboxSecret] {
        var read: [String: SandboxSecret] = [:]
        for secret in secrets {
            // One byte more than may be: the secret itself says that it is too long.
            let bytes = try DurableFile.read(session.absolute(secret.value), limit: SandboxSecret.mostBytes + 1)
            read[secret.name] = try SandboxSecret(name: secret.name, bytes: bytes)
        }
        return read
    }
}
