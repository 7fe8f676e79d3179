import BakeModel

/// What became of a node.
public struct StageOutcome<Value: StageValue>: Sendable {
    /// The node.
    public let id: String
    /// How it was settled.
    public let state: State
    /// Why it ran or failed, in words; empty where it was cached.
    public let why: String
    /// How long that took, in milliseconds.
    public let milliseconds: Int64
    /// The digest of its key; nil for work that has none.
    public let key: Digest?

    /// How a node was settled.
    public enum State: Sendable {
        /// The result was there.
        case cached(Value)
        /// The result was made.
        case ran(Value)
        /// Making it failed.
        case failed(any Error)
        /// Another node failed first.
        case skipped
    }

    /// The result; nil where there is none.
    public var value: Value? {
        switch state {
        case .cached(let value), .ran(let value): value
        case .failed, .skipped: nil
        }
    }

    /// The error; nil where it did not fail.
    public var error: (any Error)? {
        if case .failed(let error) = state { error } else { nil }
    }

    /// `cached`, `ran`, `failed` or `skipped`.
    public var word: String {
        switch state {
        case .cached: "cached"
        case .ran: "ran"
        case .failed: "failed"
        case .skipped: "skipped"
        }
    }
}

/// What happens while a graph is run, for progress.
public enum StageEvent<Value: StageValue>: Sendable {
    /// A node's result is not there and is being made, and why.
    case started(id: String, why: String)
    /// A node is settled.
    case settled(StageOutcome<Value>)
}
