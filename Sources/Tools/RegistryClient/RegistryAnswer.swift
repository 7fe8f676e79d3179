import BakeModel

/// Judges an answer: the whole content, or why not and whether it is worth asking again.
struct RegistryAnswer {
    private let answer: TransferAnswer
    private let name: String
    private let host: String

    /// The longest wait that a server may ask for, in seconds.
    private static let longestWait = 60.0

    /// Why there is no content.
    struct Fault {
        let error: RegistryError
        /// Whether it may go by.
        var isPassing = false
        /// Seconds that the server asks to wait.
        var wait = 0.0
    }

    init(_ answer: TransferAnswer, name: String, host: String) {
        self.answer = answer
        self.name = name
        self.host = host
    }

    /// Nil where all of the content is there.
    func fault(of content: TransferContent) throws -> Fault? {
        if let failure = answer.failure { return fault(failure, content.limit) }
        switch answer.status {
        case 200, 206: return try size(of: content)
        case 401: return Fault(error: .login(name, .unknownScheme([])))
        case 404: return Fault(error: .notFound(name, words))
        case 416:
            try content.restart()
            return Fault(error: .status(name, 416, words), isPassing: true)
        case 429, 500, 502, 503, 504:
            return Fault(error: .status(name, answer.status, words), isPassing: true, wait: wait)
        default: return Fault(error: .status(name, answer.status, words))
        }
    }

    private func fault(_ failure: TransferAnswer.Failure, _ limit: UInt64) -> Fault {
        switch failure.kind {
        case .unknownHost: Fault(error: .unknownHost(name, host: host))
        case .refused: Fault(error: .unreachable(name, host: host, failure.words))
        case .certificate: Fault(error: .certificate(name, host: host))
        case .tooLong: Fault(error: .tooLong(name, limit: limit))
        case .broken: Fault(error: .unreachable(name, host: host, brokenWords(failure)), isPassing: true)
        case .other: Fault(error: .unreachable(name, host: host, failure.words))
        }
    }

    private func brokenWords(_ failure: TransferAnswer.Failure) -> String {
        failure.words.isEmpty ? "it sends another part than was asked for" : failure.words
    }

    /// An answer that says no length ends as it likes.
    private func size(of content: TransferContent) throws -> Fault? {
        guard content.isFile else { return nil }
        let found = try content.fileSize()
        guard found < content.limit else { return nil }
        return Fault(error: .truncated(name, claimed: content.limit, found: found), isPassing: true)
    }

    private var wait: Double {
        min(Double(answer.headers["retry-after"]?.first.flatMap { UInt32($0) } ?? 0), Self.longestWait)
    }

    /// The registry's own words. OCI distribution specification 1.1, "Error Codes".
    private var words: String {
        let errors = (try? JSON(parsing: Array(answer.message.utf8)))?["errors"]?.items ?? []
        return errors.prefix(3).compactMap { $0["message"]?.string ?? $0["code"]?.string }.joined(separator: "; ")
    }
}
