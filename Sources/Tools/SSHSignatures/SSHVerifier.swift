import BakeModel
import Glibc
import LinuxSystem

/// Tells who signed: `ssh-keygen -Y verify` against the policy's signers, offline.
public struct SSHVerifier: Sendable {
    private let signers: AllowedSigners
    private static let program = "/usr/bin/ssh-keygen"
    private static let patience: Double = 30
    private static let longest = 64 << 10

    /// - Parameter signers: whose signatures count.
    public init(_ signers: AllowedSigners) { self.signers = signers }

    /// Verifies a signature.
    /// - Parameters:
    ///   - bytes: what was signed.
    ///   - time: when it was signed, for keys with `valid-after` and `valid-before`.
    /// - Returns: the person who signed.
    /// - Throws: `SignatureFault`; `SystemError` where ssh-keygen cannot be started.
    public func signer(
        of bytes: [UInt8], signature: String, namespace: String, at time: Timestamp
    ) throws -> String {
        guard signature.utf8.count <= Self.longest, signature.hasPrefix("-----BEGIN SSH SIGNATURE-----") else {
            throw SignatureFault.unreadable(detail: "it does not begin with -----BEGIN SSH SIGNATURE-----")
        }
        let allowed = try Descriptor.memory(Array(signers.text.utf8))
        let armoured = try Descriptor.memory(Array(signature.utf8))
        let moment = "-Overify-time=\(Self.compact(time))"
        let files = ["-f", Self.path(allowed), "-s", Self.path(armoured), moment]
        let person = try person(files)
        let check = try run(["-Y", "verify", "-I", person, "-n", namespace] + files, input: Descriptor.memory(bytes))
        withExtendedLifetime((allowed, armoured)) {}
        guard check.ending.succeeded else { throw Self.fault(check) }
        return person
    }

    /// Whose key made a signature, whatever it is under.
    private func person(_ files: [String]) throws -> String {
        let found = try run(["-Y", "find-principals"] + files, input: nil)
        guard found.ending.succeeded, let name = found.text.split(separator: "\n").first,
            let person = signers.person(called: String(name))
        else { throw Self.fault(found) }
        return person
    }

    private func run(_ arguments: [String], input: Descriptor?) throws -> CompletedProcess {
        try CompletedProcess.run(
            Self.program, arguments, environment: ["LC_ALL=C"], input: input, outputLimit: 1 << 20,
            deadline: Self.patience)
    }

    private static func fault(_ run: CompletedProcess) -> SignatureFault {
        let complaint = run.firstComplaint ?? run.ending.explanation
        // The file's name is ours and tells nobody anything.
        let detail = complaint.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? complaint
        if complaint.contains("has expired") || complaint.contains("not yet valid") { return .expired(detail: detail) }
        if complaint.contains("parse signature") || complaint.contains("armor") { return .unreadable(detail: detail) }
        if complaint.contains("No principal matched") { return .unknownSigner }
        return .forged(detail: detail)
    }

    /// A file in memory, as another process of the same user opens it.
    private static func path(_ file: Descriptor) -> String { "/proc/\(getpid())/fd/\(file.number)" }

    /// `20261120030000Z`, as ssh-keygen reads times.
    private static func compact(_ time: Timestamp) -> String {
        time.description.prefix(19).filter { $0.isNumber } + "Z"
    }
}
