import BakeModel
import Glibc

/// The helper's side of a session.
public enum HelperSessionService {
    /// Opens what the request names, then answers requests until the other side is gone.
    /// - Parameters:
    ///   - open: its value is the first answer, beside what `answer` works with.
    ///   - answer: sends as many frames as the other side reads, nearly always one. An error that it throws before the
    ///     first is sent in its place.
    public static func serve<State>(
        open: @escaping (JSON) throws -> (State, JSON),
        answer: @escaping (State, JSON, HelperReply) throws -> Void
    ) -> Never {
        HelperService.serve { request in
            let requests = Descriptor(owning: HelperSession.requestsDescriptor)
            let reply = HelperReply(to: Descriptor(owning: HelperSession.answersDescriptor))
            guard let state = try reply.instead({ try opened(open(request), reply) }) else { return .null }
            while let request = try HelperAnswer.next(from: requests) {
                try reply.instead { try answer(state, request, reply) }
            }
            return .null
        }
    }

    private static func opened<State>(_ opened: (State, JSON), _ reply: HelperReply) throws -> State {
        try reply.send(opened.1)
        return opened.0
    }
}

/// Where a helper sends the one answer to each request.
public final class HelperReply {
    private let descriptor: Descriptor

    /// For a conversation of one's own.
    public init(to descriptor: Descriptor) { self.descriptor = descriptor }

    /// Answers with a value.
    public func send(_ value: JSON) throws { try descriptor.write(HelperFrame.bytes(.value, value.canonicalBytes)) }

    /// Answers with bytes of a kind of one's own.
    public func send(_ kind: HelperFrame.Kind, _ bytes: UnsafeRawBufferPointer) throws {
        try descriptor.write(HelperFrame.header(kind, length: bytes.count))
        try descriptor.write(bytes)
    }

    /// Does the work; an error becomes the answer, and the result is nil.
    @discardableResult
    public func instead<Result>(_ work: () throws -> Result) throws -> Result? {
        do { return try work() } catch {
            try descriptor.write(HelperFrame.bytes(.failure, RemoteError(error).json.canonicalBytes))
            return nil
        }
    }
}
