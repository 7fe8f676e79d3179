import BakeModel
import Glibc
import Synchronization

/// A helper that stays: it is asked one thing after another for as long as this object lives.
///
/// Requests go over descriptor 5 and answers come over descriptor 6, both as frames. One exchange at a time; callers
/// on other threads wait.
public final class HelperSession: Sendable {
    /// The helper's end of the requests.
    public static let requestsDescriptor: Int32 = 5
    /// The helper's end of the answers.
    public static let answersDescriptor: Int32 = 6

    private let requests: Descriptor
    private let answers: Descriptor
    private let process: SessionProcess
    private let exchange = Mutex(Void())

    /// Starts the helper. Whether it could open what `request` names is its first answer, read by `ask(nil)`.
    public init(_ program: HelperProgram, _ name: String, request: JSON) throws(SystemError) {
        let (helperRequests, requests) = try Self.socketPair()
        let (answers, helperAnswers) = try Descriptor.pipe()
        self.requests = requests
        self.answers = answers
        process = SessionProcess(
            program, name, request,
            [Self.requestsDescriptor: helperRequests, Self.answersDescriptor: helperAnswers])
    }

    deinit { process.kill() }

    /// Ends the helper and waits until it is gone.
    public func close() {
        process.kill()
        _ = process.failure()
    }

    /// Sends a request (nil waits for the answer to the opening) and gives the answer to `read`.
    /// - Parameter deadline: seconds after which the helper is killed.
    /// - Throws: what the helper answered as an error, or `HelperFailure` where it died; then the session is over.
    public func ask<Result: Sendable>(
        _ request: JSON?, deadline: Double, read: (inout HelperAnswer) throws -> Result
    ) throws -> Result {
        try exchange.withLock { _ in
            let watchdog = Watchdog(seconds: deadline) { [process] in process.kill() }
            defer { watchdog.cancel() }
            do {
                if let request { try send(HelperFrame.bytes(.value, request.canonicalBytes)) }
                var answer = try HelperAnswer(from: answers)
                let outcome = Swift.Result { try answer.kind == .failure ? throwFailure(&answer) : read(&answer) }
                try answer.drain()
                return try outcome.get()
            } catch is HelperFrame.Ended {
                throw process.failure()
            }
        }
    }

    private func throwFailure<Result>(_ answer: inout HelperAnswer) throws -> Result {
        let json = try JSON(parsing: answer.readAll(limit: 1 << 20))
        throw RemoteError(json) ?? RemoteError(HelperFrame.Malformed())
    }

    /// A socket instead of a pipe, because writing to a pipe without reader ends the process by SIGPIPE.
    private static func socketPair() throws(SystemError) -> (Descriptor, Descriptor) {
        var ends: [Int32] = [-1, -1]
        try SystemError.check("make", "a socket pair") {
            socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends)
        }
        return (Descriptor(owning: ends[0]), Descriptor(owning: ends[1]))
    }

    private func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { buffer in
                Glibc.send(requests.number, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw HelperFrame.Ended() }
            rest = rest.dropFirst(count)
        }
    }
}

/// The process of a session, on a thread of its own from its start to its end: a helper dies with the thread that
/// started it.
private final class SessionProcess: Sendable {
    private struct State {
        var descriptors: [Int32: Descriptor]
        var child: ChildProcess?
        var condemned = false
    }

    private final class Box: Sendable {
        let state: Mutex<State>
        init(_ descriptors: [Int32: Descriptor]) { state = Mutex(State(descriptors: descriptors)) }
    }

    private let box: Box
    private let end: Worker<JSON>
    /// A session may last as long as the longest build; each exchange has its own deadline.
    private static let longest: Double = 7 * 24 * 3600

    init(_ program: HelperProgram, _ name: String, _ request: JSON, _ descriptors: [Int32: Descriptor]) {
        let box = Box(descriptors)
        self.box = box
        end = Worker {
            let call = try Self.start(program, name, request, box)
            defer { box.state.withLock { $0.child = nil } }
            return try call.finish(deadline: Self.longest)
        }
    }

    /// The helper's ends are let go here: else the end of the answers would never come.
    private static func start(
        _ program: HelperProgram, _ name: String, _ request: JSON, _ box: Box
    ) throws -> HelperCall {
        let descriptors = box.state.withLock { state in
            defer { state.descriptors = [:] }
            return state.descriptors
        }
        let call = try HelperCall.start(program, name, request: request, descriptors: descriptors)
        box.state.withLock { state in
            state.child = call.child
            if state.condemned { call.child.kill() }
        }
        return call
    }

    func kill() {
        box.state.withLock { state in
            state.condemned = true
            state.child?.kill()
        }
    }

    /// Waits for the end and says what it was.
    func failure() -> any Error {
        do {
            _ = try end.result()
            return HelperFrame.Ended()
        } catch {
            return error
        }
    }
}
