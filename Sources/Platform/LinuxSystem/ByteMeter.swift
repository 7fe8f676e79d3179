import Synchronization

/// How far a piece of work has come, for somebody who looks now and then. Safe to use from many threads.
public final class ByteMeter: Sendable {
    private let state = Mutex<State?>(nil)

    private struct State {
        let phase: String
        var bytes: UInt64
        let total: UInt64?
        let file: Descriptor?
    }

    /// What somebody who looks sees.
    public struct Reading: Hashable, Sendable {
        /// What is being done: `packing`.
        public let phase: String
        /// How many bytes are done.
        public let bytes: UInt64
        /// How many there are in all; nil where nobody knows yet.
        public let total: UInt64?
    }

    /// Makes a meter that shows nothing yet.
    public init() {}

    /// Begins a phase with nothing done, and ends the one before.
    public func begin(_ phase: String, total: UInt64? = nil) {
        state.withLock { $0 = State(phase: phase, bytes: 0, total: total, file: nil) }
    }

    /// Begins a phase whose measure is the size of a file that somebody writes. The file stays open until the phase ends.
    public func begin(_ phase: String, growing file: Descriptor, total: UInt64? = nil) {
        state.withLock { $0 = State(phase: phase, bytes: 0, total: total, file: file) }
    }

    /// Counts bytes as done.
    public func add(_ bytes: UInt64) { state.withLock { $0?.bytes &+= bytes } }

    /// Ends the phase: there is nothing to see.
    public func end() { state.withLock { $0 = nil } }

    /// What is to be seen; nil between phases.
    public var reading: Reading? {
        state.withLock { state in
            state.map { state in
                let size = state.file.flatMap { try? $0.status().st_size }.map { UInt64(clamping: $0) }
                return Reading(phase: state.phase, bytes: size ?? state.bytes, total: state.total)
            }
        }
    }
}
