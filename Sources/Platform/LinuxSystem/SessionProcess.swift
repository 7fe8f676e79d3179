import BakeModel
import Synchronization

/// The process of a session, on a thread of its own from its start to its end: a helper dies with the thread that
/// started it.
final class SessionProcess: Sendable {
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
