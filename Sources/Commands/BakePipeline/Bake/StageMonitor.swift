import BakeModel
import BlobStorage
import LinuxSystem
import Synchronization

/// Watches stages while they run: what their programs print is told line by line and kept as a blob, and a meter shows
/// how far they are.
final class StageMonitor: Sendable {
    private let store: BlobStore?
    private let observe: @Sendable (BakeEvent) -> Void
    private let outputs = Mutex<[PlanNode.ID: OutputFacts]>([:])

    /// - Parameter store: where output is kept; nil keeps none.
    init(keepingIn store: BlobStore?, observe: @escaping @Sendable (BakeEvent) -> Void) {
        self.store = store
        self.observe = observe
    }

    /// Runs a stage's work, which prints into the descriptor.
    func watch<Value>(_ stage: StageName, _ work: (Descriptor, ByteMeter) throws -> Value) throws -> Value {
        let meter = ByteMeter()
        let capture = try OutputCapture { [observe] in observe(.output(stage: stage, line: $0)) }
        observe(.measured(stage: stage, by: meter))
        let result = Result { try work(try capture.takeInput(), meter) }
        // A failure to keep the output must not hide the failure of the work.
        let kept = Result { try keep(try capture.finish(), of: stage) }
        let value = try result.get()
        try kept.get()
        return value
    }

    /// What a node printed; nil where it printed nothing, or did not run.
    func output(of node: PlanNode.ID) -> OutputFacts? { outputs.withLock { $0[node] } }

    private func keep(_ bytes: [UInt8], of stage: StageName) throws {
        guard let store, !bytes.isEmpty else { return }
        let facts = OutputFacts(digest: try store.put(bytes), size: UInt64(bytes.count))
        outputs.withLock { $0[PlanNode.id(of: .stage(stage))] = facts }
    }
}
