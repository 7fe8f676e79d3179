import BakeModel

/// Takes the blocks of tar that libarchive gives away: hashes them and hands each to the pipeline as one member.
final class BlockSink {
    private let pipeline: MemberPipeline
    private var hasher: DigestHasher? = DigestHasher()
    private var tarSize: UInt64 = 0
    /// What stopped the pipeline; an error cannot travel through C.
    private(set) var failure: (any Error)?

    /// Makes a sink in front of a pipeline.
    init(_ pipeline: MemberPipeline) { self.pipeline = pipeline }

    /// Takes a block; false where the pipeline has failed.
    func accept(_ block: UnsafeRawBufferPointer) -> Bool {
        do {
            hasher?.update(block)
            tarSize += UInt64(block.count)
            try pipeline.submit(Array(block))
            return true
        } catch {
            failure = error
            return false
        }
    }

    /// Waits for the pipeline and tells what was written.
    func finish() throws -> Layer {
        let written = try pipeline.finish()
        guard let diffID = hasher.take()?.finish() else { throw LayerWriteError.closed }
        return Layer(blob: written.blob, size: written.size, diffID: DiffID(diffID), tarSize: tarSize)
    }
}
