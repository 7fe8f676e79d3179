import BakeModel
import Glibc
import LinuxSystem

/// A spec that was named and is not there: no verdict, so not the exit status of a failed check.
struct MissingSpec: ExplainedError, Hashable {
    let path: String

    var doing: String { "read the spec" }
    var subject: String { path }
    var reason: String { "there is no such file" }
    var hint: String? { "spec files are named from where the command runs; without any, the kept one is taken" }
    var exit: ExitCode { .notFound }

    /// The bytes of a spec file, at most 1 MiB.
    static func orBytes(of path: String, at absolute: String) throws -> [UInt8] {
        do throws(SystemError) {
            return try DurableFile.read(absolute, limit: 1 << 20)
        } catch  where error.number == ENOENT {
            throw MissingSpec(path: path)
        }
    }
}
