import BakeModel
import Glibc

/// A system call that the kernel refused.
public struct SystemError: ExplainedError, Hashable {
    public let doing: String
    public let subject: String
    /// The error number, as `errno` has it.
    public let number: Int32

    /// Describes a refusal that is known by number.
    public init(_ doing: String, _ subject: String, number: Int32) {
        self.doing = doing
        self.subject = subject
        self.number = number
    }

    /// Describes the refusal that `errno` tells of. Call it straight after the system call.
    public init(_ doing: String, _ subject: String) {
        self.init(doing, subject, number: errno)
    }

    public var reason: String { String(cString: strerror(number)) }

    public var hint: String? {
        switch number {
        case ENOSPC, EDQUOT: "free some space on that file system; 'df -h' shows which are full"
        case EMFILE, ENFILE: "raise the limit of open files: ulimit -n"
        default: nil
        }
    }

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
