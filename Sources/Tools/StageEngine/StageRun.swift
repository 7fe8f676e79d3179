import BakeModel

/// What became of a node.
public struct StageOutcome<Value: StageValue>: Sendable {
    /// The node.
    public let id: String
    /// The nodes that it needed.
    public let needs: [String]
    /// How it was settled.
    public let state: State
    /// Why it ran or failed, in words; empty where it was cached.
    public let why: String
    /// When it began, in milliseconds since the run did; 0 where it never began.
    public let start: Int64
    /// How long that took, in milliseconds.
    public let milliseconds: Int64
    /// The digest of its key; nil for work that has none.
    public let key: Digest?
    /// The digest of the key that it was compared with: of the last run in which it was settled; nil for the first.
    public let earlierKey: Digest?

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

    static func skipped(_ node: StageNode<Value>) -> Self {
        Self(
            id: node.id, needs: node.needs, state: .skipped, why: "", start: 0, milliseconds: 0, key: nil,
            earlierKey: nil)
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
    /// Another process makes this very result, and this one waits for it.
    case waiting(id: String)
    /// A node's result is not there and is being made: why, and how many milliseconds that took the last time.
    case started(id: String, why: String, expected: Int64?)
    /// A node is settled.
    case settled(StageOutcome<Value>)
}
