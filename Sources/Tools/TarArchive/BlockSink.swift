import BakeModel

/// Hashes tar, cuts it into members and hands each to the pipeline.
final class BlockSink: TarSink {
    private let pipeline: MemberPipeline
    private var hasher: DigestHasher? = DigestHasher()
    private var cutter = MemberCutter()
    private var member = BlockSink.emptyMember()
    private var tarSize: UInt64 = 0

    /// Makes a sink in front of a pipeline.
    init(_ pipeline: MemberPipeline) { self.pipeline = pipeline }

    private static func emptyMember() -> [UInt8] {
        var member: [UInt8] = []
        member.reserveCapacity(MemberCutter.most)
        return member
    }

    func accept(_ block: UnsafeRawBufferPointer) throws {
        hasher?.update(block)
        tarSize += UInt64(block.count)
        try cut(block)
    }

    private func cut(_ block: UnsafeRawBufferPointer) throws {
        var rest = block
        while !rest.isEmpty {
            let (count, ends) = cutter.take(rest)
            member.append(contentsOf: rest[..<count])
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            if ends { try submit() }
        }
    }

    private func submit() throws {
        var full = Self.emptyMember()
        swap(&full, &member)
        try pipeline.submit(full)
    }

    /// Waits for the pipeline and tells what was written.
    func finish() throws -> (layer: Layer, members: [LayerMember]) {
        if !member.isEmpty { try submit() }
        let written = try pipeline.finish()
        guard let diffID = hasher.take()?.finish() else { throw LayerWriteError.closed }
        let layer = Layer(blob: written.blob, size: written.size, diffID: DiffID(diffID), tarSize: tarSize)
        return (layer, written.members)
    }
}
