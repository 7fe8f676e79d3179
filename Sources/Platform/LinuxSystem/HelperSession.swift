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
    private let name: String
    private let exchange = Mutex(Void())

    /// Starts the helper. Whether it could open what `request` names is its first answer, read by `ask(nil)`.
    public init(_ program: HelperProgram, _ name: String, request: JSON) throws(SystemError) {
        // Writing to a pipe without reader would end this process by SIGPIPE.
        let (helperRequests, requests) = try Descriptor.socketPair()
        let (answers, helperAnswers) = try Descriptor.pipe()
        self.name = name
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
    /// - Throws: what the helper answered as an error; `HelperFailure` where it died and `HelperTimeout` where it did not
    ///   answer in time, and then the session is over.
    public func ask<Result: Sendable>(
        _ request: JSON?, deadline: Double, read: (inout HelperAnswer) throws -> Result
    ) throws -> Result {
        try exchange.withLock { _ in
            do {
                let end = ContinuousClock.now + .seconds(deadline)
                if let request { try send(HelperFrame.bytes(.value, request.canonicalBytes)) }
                var answer = try HelperAnswer(from: answers, deadline: end)
                let outcome = Swift.Result { try answer.kind == .failure ? throwFailure(&answer) : read(&answer) }
                try answer.drain()
                return try outcome.get()
            } catch is HelperFrame.Ended {
                throw process.failure()
            } catch is HelperFrame.TimedOut {
                process.kill()
                throw HelperTimeout(helper: name, seconds: deadline)
            }
        }
    }

    /// Sends one request that has several answers, and gives each to `read`, in order. All of them are read, also after
    /// one that is an error or that `read` refuses: the first of these errors is thrown at the end.
    /// - Parameter deadline: seconds after which the helper is killed.
    public func ask<Result: Sendable>(
        _ request: JSON, answers count: Int, deadline: Double, read: (inout HelperAnswer) throws -> Result
    ) throws -> [Result] {
        try exchange.withLock { _ in
            do {
                let end = ContinuousClock.now + .seconds(deadline)
                try send(HelperFrame.bytes(.value, request.canonicalBytes))
                var outcomes: [Swift.Result<Result, any Error>] = []
                for _ in 0..<count {
                    var answer = try HelperAnswer(from: answers, deadline: end)
                    outcomes.append(
                        Swift.Result { try answer.kind == .failure ? throwFailure(&answer) : read(&answer) })
                    try answer.drain()
                }
                return try outcomes.map { try $0.get() }
            } catch is HelperFrame.Ended {
                throw process.failure()
            } catch is HelperFrame.TimedOut {
                process.kill()
                throw HelperTimeout(helper: name, seconds: deadline)
            }
        }
    }

    private func throwFailure<Result>(_ answer: inout HelperAnswer) throws -> Result {
        let json = try JSON(parsing: answer.readAll(limit: 1 << 20))
        throw RemoteError(json) ?? RemoteError(HelperFrame.Malformed())
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

/// A helper that was asked and did not answer in time; it was killed.
public struct HelperTimeout: ExplainedError, Hashable {
    let helper: String
    let seconds: Double

    public var doing: String { "ask the helper process" }
    public var subject: String { helper }
    public var reason: String { "it did not answer within \(Int(seconds)) s" }
}
