import BakeModel
import GitRepository
import LayerBuild
import LinuxSystem
import SourceCheckout

/// One-off pipeline → commit with its lock: what a bake reads.
public struct OneOffLocker: Sendable {
    let store: BakeStore
    let pipeline: OneOffPipeline
    let request: BakeRequest

    /// Prepares to lock and commit.
    public init(store: BakeStore, pipeline: OneOffPipeline, request: BakeRequest) {
        self.store = store
        self.pipeline = pipeline
        self.request = request
    }

    /// Solves what the packages need on the image below, and commits pipeline, files and lock to the store's repository of
    /// that name. The same pipeline, files and lock are the same commit. What an earlier lock pins stays where it can.
    public func inputs(observe: @escaping @Sendable (BakeEvent) -> Void) throws -> BakeInputs {
        for path in pipeline.files {
            let bytes = try DurableFile.read(path, limit: DebianFile.limit)
            _ = try DebianFile(parsing: bytes, at: path)
        }
        let open = try committed(pipeline.content, movingHead: false)
        let lock = try lock(for: try BakeInputs(open, choice: nil), observe)
        let text = GeneratedRepository.File(name: pipeline.lock, content: .text(LockFile.text(of: lock)))
        return try BakeInputs(try committed(pipeline.content + [text], movingHead: true), choice: nil)
    }

    private var repository: GeneratedRepository {
        GeneratedRepository(at: "\(store.blobs.mirrors)/one-off-\(pipeline.name).git")
    }

    private func committed(_ files: [GeneratedRepository.File], movingHead: Bool) throws -> Checkout {
        let actor = request.actor
        let user = actor.userName ?? "uid-\(actor.userID)"
        let author = Commit.Person(
            name: user, mail: "\(user)@\(actor.machine)", time: request.clock(), offsetMinutes: 0)
        let id = try repository.commit(
            files, message: "\(pipeline.summary)\n", author: author, movingHead: movingHead, program: store.program)
        return try Checkout.local(repository.path, revision: id.hex, program: store.program)
    }

    private func lock(for inputs: BakeInputs, _ observe: @escaping @Sendable (BakeEvent) -> Void) throws -> Lock {
        let last = try? Checkout.local(repository.path, revision: nil, program: store.program)
        let old = last.flatMap { try? BakeInputs($0, choice: nil).lock } ?? Lock()
        let locker = try StageLocker(store: store, inputs: inputs, request: request, observe: observe)
        return try locker.lock(PipelineLocker.Proposal(), keeping: old, update: .nothing, mayBuild: true).lock
    }
}
