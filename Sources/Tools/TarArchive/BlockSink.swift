import BakeModel
import LinuxSystem

/// Hashes tar, cuts it into members and hands each to the pipeline.
final class BlockSink: TarSink {
    private let pipeline: MemberPipeline
    private let copy: Descriptor?
    private var hasher: DigestHasher? = DigestHasher()
    private var cutter = MemberCutter()
    private var member = BlockSink.emptyMember()
    private var tarSize: UInt64 = 0
    private var names = MemberName()
    private var memberStart: UInt64 = 0

    /// Makes a sink in front of a pipeline.
    /// - Parameter copy: takes the tar besides, as it is; nil where nobody wants it.
    init(_ pipeline: MemberPipeline, copyingTo copy: Descriptor? = nil) {
        self.pipeline = pipeline
        self.copy = copy
    }

    private static func emptyMember() -> [UInt8] {
        var member: [UInt8] = []
        member.reserveCapacity(MemberCutter.most)
        return member
    }

    /// Says what bytes of the tar are called that come next.
    func name(_ bytes: Range<UInt64>, _ name: [UInt8]) { names.add(name, of: bytes) }

    func accept(_ block: UnsafeRawBufferPointer) throws {
        hasher?.update(block)
        tarSize += UInt64(block.count)
        try copy?.write(block)
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
        let name = names.name(of: full, at: memberStart)
        memberStart += UInt64(full.count)
        try pipeline.submit(PlainMember(bytes: full, name: name))
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
