import BakeModel

/// A bake that failed, and could not be recorded either: what failed first is told first.
struct UnrecordedFailure: ExplainedError {
    /// Why the bake failed.
    let failure: any ExplainedError
    /// Why that could not be recorded.
    let recording: any ExplainedError

    /// Tells both, where both can be explained; else the second as it is.
    static func of(_ failure: (any Error)?, _ recording: any Error) -> any Error {
        guard let failure = failure as? any ExplainedError, let second = recording as? any ExplainedError else {
            return recording
        }
        return UnrecordedFailure(failure: failure, recording: second)
    }

    var doing: String { failure.doing }
    var subject: String { failure.subject }
    var reason: String {
        """
        \(failure.reason)
        and this bake could not be recorded: cannot \(recording.doing) \(recording.subject): \(recording.reason)
        """
    }
    var hint: String? { failure.hint ?? recording.hint }
    var exit: ExitCode { failure.exit }
}
