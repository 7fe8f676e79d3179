import BakeModel
import Glibc
import LinuxSystem

extension CommandSession {
    /// Variables of CI jobs that are recorded with an entry, and never trusted.
    private static let jobVariables = [
        "BUILD_URL", "BUILD_TAG", "BUILD_NUMBER", "JOB_NAME", "BRANCH_NAME", "NODE_NAME", "BUILD_USER_ID", "GIT_URL",
        "GIT_COMMIT", "GIT_BRANCH", "CI_JOB_URL", "CI_PIPELINE_ID", "GITHUB_RUN_ID", "GITHUB_REPOSITORY",
    ]
    private static let longestValue = 512

    /// Who asks: the user that the kernel gives, beside what `--as` claims.
    func actor() throws -> Actor {
        let uid = getuid()
        var job: [String: String] = [:]
        for name in Self.jobVariables {
            if let value = environment[name].nonEmpty { job[name] = String(value.prefix(Self.longestValue)) }
        }
        return Actor(
            claimed: options.claimed, userID: uid, userName: UserAccount(number: uid)?.name, machine: Self.machine(),
            job: job,
            loginID: Self.loginID())
    }

    /// The user of the login, which becoming root does not change; nil where nobody logged in (audit(7)).
    private static func loginID() -> UInt32? {
        guard let bytes = try? DurableFile.read("/proc/self/loginuid", limit: 32),
            let id = UInt32(String(decoding: bytes, as: UTF8.self)), id != .max
        else { return nil }
        return id
    }

    private static func machine() -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, 255) == 0 else { return "unknown" }
        return buffer.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "unknown" }
    }
}
