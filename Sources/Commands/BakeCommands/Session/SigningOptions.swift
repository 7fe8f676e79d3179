import ArgumentParser
import BakeModel
import EnvironmentPromotion
import LinuxSystem
import SSHSignatures

/// The key with which a person signs what they ask for.
struct SigningOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Sign it with an SSH key: a private one, or a public one of ssh-agent's.", valueName: "key"))
    var sign: String?
}

extension CommandSession {
    /// A request that is signed where a key is given.
    func request(signedWith key: String?) throws -> EnvironmentPromotion.Request {
        let signer = key.map { key in
            SSHSigner(
                key: absolute(key),
                environment: SSHSigner.variables.compactMap { name in environment[name].map { "\(name)=\($0)" } })
        }
        return EnvironmentPromotion.Request(
            actor: try actor(), clock: now(), reason: options.reason, isDryRun: options.isDryRun, signer: signer)
    }

    /// Reads a file that somebody named.
    /// - Throws: `UnreadableInput`.
    func readInput(_ path: String, limit: Int = 1 << 20) throws -> [UInt8] {
        do { return try DurableFile.read(absolute(path), limit: limit) } catch {
            throw UnreadableInput(path: path, error: error)
        }
    }
}

/// A file that was named and cannot be read.
struct UnreadableInput: ExplainedError, Hashable {
    let path: String
    let error: SystemError
    var doing: String { "read" }
    var subject: String { path }
    var reason: String { error.reason }
    var exit: ExitCode { error.isMissing ? .notFound : .usage }
}
