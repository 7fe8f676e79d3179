import BakeModel
import Glibc
import LinuxSystem

/// A file of a test that was named and is not there: no verdict, so not the exit status of a failed check.
struct MissingSpec: ExplainedError, Hashable {
    /// What the file was to be.
    enum Part: String { case spec, variables }

    let part: Part
    let path: String

    var doing: String { "read the \(part.rawValue)" }
    var subject: String { path }
    var reason: String { "there is no such file" }
    var hint: String? {
        switch part {
        case .spec: "spec files are named from where the command runs; without any, the kept one is taken"
        case .variables: "files of variables are named from where the command runs"
        }
    }
    var exit: ExitCode { .notFound }

    /// The bytes of a file, at most 1 MiB; links are followed, as the directories of a Kubernetes ConfigMap are full of
    /// them, and `-` is the standard input.
    static func orBytes(of part: Part, _ path: String, _ session: CommandSession) throws -> [UInt8] {
        let place = path == "-" ? "/dev/stdin" : session.absolute(path)
        do { return try Descriptor.open(place, O_RDONLY).readAll(limit: 1 << 20) } catch {
            switch error.number {
            case ENOENT: throw MissingSpec(part: part, path: path)
            // Not the exit status of a failed check, either.
            case EISDIR, EACCES: throw UsageError(subject: "the \(part.rawValue) \(path)", reason: error.reason)
            default: throw error
            }
        }
    }
}
