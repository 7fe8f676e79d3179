import BakeModel

/// What some work failed with.
public enum ExplainedFailure {
    /// The error; nil where there was none, or one that explains nothing.
    public static func of<Result>(_ work: () throws -> Result) -> (any ExplainedError)? {
        do {
            _ = try work()
            return nil
        } catch {
            return error as? any ExplainedError
        }
    }
}
