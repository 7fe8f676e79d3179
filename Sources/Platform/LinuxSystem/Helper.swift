import BakeModel
import CLinux
import Glibc

/// The executable that is started again for work that must not share bake's own process: foreign data read by C
/// libraries, and everything inside namespaces. `PATH __helper NAME`; or a copy of the process, see `PreforkedHelper`.
public struct HelperProgram: Sendable {
    /// The word before a helper's name on the command line.
    public static let word = "__helper"
    /// Descriptor 3 is the request, read to its end.
    public static let requestDescriptor: Int32 = 3
    /// Descriptor 4 takes the one answer.
    public static let answerDescriptor: Int32 = 4
    /// What a helper finds in its environment, and nothing else.
    public static let environment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC"]

    /// Where the executable lies.
    public let path: String

    /// Names the executable, for bake itself `/proc/self/exe`.
    public init(path: String) { self.path = path }
}

/// Starts a program and gives it descriptors; `ChildProcess.start`, or its like into new namespaces.
public typealias Launcher =
    @Sendable (
        _ path: String, _ arguments: [String], _ environment: [String], _ descriptors: [Int32: Descriptor]
    ) throws -> ChildProcess

/// A helper that was asked something and has not answered yet.
public struct HelperCall: Sendable {
    /// The process.
    public let child: ChildProcess
    private let name: String
    private let answer: Descriptor
    private let errors: Worker<[UInt8]>
    private static let answerLimit = 256 << 20

    /// Starts the helper and gives it its request.
    /// - Parameters:
    ///   - descriptors: what it has besides its request and answer; 3 and 4 are taken. 2 is collected for messages.
    ///   - launcher: how it is started; in bake's own namespaces when absent, and as the preforked helper where that waits.
    public static func start(
        _ program: HelperProgram, _ name: String, request: JSON, descriptors: [Int32: Descriptor] = [:],
        launcher: Launcher? = nil
    ) throws -> HelperCall {
        let (requestRead, requestWrite) = try Descriptor.pipe()
        let (child, answer, messages) = try launch(program, name, requestRead, descriptors, launcher)
        let text = request.canonicalBytes
        // A thread of its own: the pipe may be smaller than the request, and the helper may die before reading it.
        _ = Worker { try? requestWrite.write(text) }
        return HelperCall(
            child: child, name: name, answer: answer, errors: Worker { try messages.readAll(limit: 1 << 20) })
    }

    /// The write ends of the answer and of the messages are closed when this returns: else their end would never come.
    private static func launch(
        _ program: HelperProgram, _ name: String, _ request: Descriptor, _ descriptors: [Int32: Descriptor],
        _ launcher: Launcher?
    ) throws -> (ChildProcess, answer: Descriptor, messages: Descriptor) {
        let (answerRead, answerWrite) = try Descriptor.pipe()
        let (errorRead, errorWrite) = try Descriptor.pipe()
        var all = descriptors
        all[HelperProgram.requestDescriptor] = request
        all[HelperProgram.answerDescriptor] = answerWrite
        all[2] = descriptors[2] ?? errorWrite
        let arguments = [HelperProgram.word, name]
        let child =
            if let launcher {
                try launcher(program.path, arguments, HelperProgram.environment, all)
            } else if let waiting = PreforkedHelper.start(name, descriptors: all) {
                waiting
            } else {
                try ChildProcess.start(
                    program.path, arguments, environment: HelperProgram.environment, descriptors: all)
            }
        return (child, answerRead, errorRead)
    }

    /// Waits for the answer and the end of the process.
    /// - Parameter deadline: seconds after which the helper is killed.
    /// - Throws: what the helper threw, or `HelperFailure` where it died, hung, or spoke nonsense.
    public func finish(deadline: Double) throws -> JSON {
        let watchdog = Watchdog(seconds: deadline) { [child] in child.kill() }
        defer { watchdog.cancel() }
        let bytes = try answer.readAll(limit: Self.answerLimit)
        let ending = try child.wait()
        guard ending.succeeded, let message = try? JSON(parsing: bytes) else {
            let messages = (try? errors.result()).map { String(decoding: $0, as: UTF8.self) } ?? ""
            throw HelperFailure(helper: name, ending: ending, messages: messages, deadline: deadline)
        }
        if let failure = message["error"].flatMap(RemoteError.init) { throw failure }
        guard let value = message["value"] else {
            throw HelperFailure(helper: name, ending: ending, messages: "no answer", deadline: deadline)
        }
        return value
    }
}

/// The helper's side of a call.
public enum HelperService {
    /// Reads the request, does the work, answers, and ends the process. Dies with the thread that started it.
    public static func serve(_ work: (JSON) throws -> JSON) -> Never {
        clinux_die_with_parent()
        let answer: JSON
        do {
            let request = try Descriptor(owning: HelperProgram.requestDescriptor).readAll(limit: 64 << 20)
            answer = .record(["value": try work(try JSON(parsing: request))])
        } catch {
            answer = .record(["error": RemoteError(error).json])
        }
        let written: Void? = try? Descriptor(owning: HelperProgram.answerDescriptor).write(answer.canonicalBytes)
        exit(written == nil ? 1 : 0)
    }
}

/// A helper that ended without an answer.
public struct HelperFailure: ExplainedError {
    let helper: String
    let ending: ChildProcess.Ending
    let messages: String
    let deadline: Double

    public var doing: String { "finish the work of the helper process" }
    public var subject: String { helper }
    public var reason: String {
        let last = messages.split(separator: "\n").suffix(3).joined(separator: "; ")
        let killed = ending == .signalled(SIGKILL) ? " (its limit is \(Int(deadline)) s)" : ""
        return "it ended with \(ending.explanation)\(killed)\(last.isEmpty ? "" : ": \(last)")"
    }
}

/// An error that crossed a process border, with everything that is shown of it.
public struct RemoteError: ExplainedError, Hashable {
    public let doing: String
    public let subject: String
    public let reason: String
    public let hint: String?
    public let exit: ExitCode

    init(_ error: any Error) {
        let explained = error as? any ExplainedError
        doing = explained?.doing ?? "finish"
        subject = explained?.subject ?? "the request"
        reason = explained?.reason ?? String(describing: error)
        hint = explained?.hint
        exit = explained?.exit ?? .failed
    }

    init?(_ json: JSON) {
        guard let doing = json["doing"]?.string, let subject = json["subject"]?.string,
            let reason = json["reason"]?.string, let code = json["exit"]?.number,
            let exit = ExitCode(rawValue: Int32(truncatingIfNeeded: code))
        else { return nil }
        self.doing = doing
        self.subject = subject
        self.reason = reason
        self.hint = json["hint"]?.string
        self.exit = exit
    }

    var json: JSON {
        .record([
            "doing": .string(doing), "subject": .string(subject), "reason": .string(reason),
            "hint": hint.map(JSON.string), "exit": .number(Int64(exit.rawValue)),
        ])
    }
}
