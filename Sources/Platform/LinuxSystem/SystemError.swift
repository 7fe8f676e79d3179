import BakeModel
import Glibc

/// A system call that the kernel refused.
public struct SystemError: ExplainedError, Hashable {
    public let doing: String
    public let subject: String
    /// The error number, as `errno` has it.
    public let number: Int32
    /// How much room there was, where there was too little. Taken at once: what failed is removed soon after.
    private let space: FileSystemSpace?

    /// Describes a refusal that is known by number.
    public init(_ doing: String, _ subject: String, number: Int32) {
        self.doing = doing
        self.subject = subject
        self.number = number
        space = [ENOSPC, EDQUOT].contains(number) ? FileSystemSpace(holding: subject) : nil
    }

    /// Describes the refusal that `errno` tells of. Call it straight after the system call.
    public init(_ doing: String, _ subject: String) {
        self.init(doing, subject, number: errno)
    }

    public var reason: String { String(cString: strerror(number)) + (space.map { "; \($0.text)" } ?? "") }

    public var hint: String? {
        switch number {
        case ENOSPC, EDQUOT:
            "free some space on that file system, see 'df -h' and 'df -i'; where it is the store's: bake gc --cache"
        case EMFILE, ENFILE: "raise the limit of open files: ulimit -n"
        default: nil
        }
    }

    public var exit: ExitCode { isMissing ? .notFound : .failed }

    /// Runs a system call again while a signal interrupts it, and throws where it returns -1.
    @discardableResult
    public static func check<Result: SignedInteger>(
        _ doing: String, _ subject: @autoclosure () -> String, _ call: () -> Result
    ) throws(SystemError) -> Result {
        while true {
            let result = call()
            if result != -1 { return result }
            let number = errno
            if number != EINTR { throw SystemError(doing, subject(), number: number) }
        }
    }
}

extension SystemError {
    /// Whether what was asked for is not there.
    public var isMissing: Bool { number == ENOENT || number == ENOTDIR }
}
