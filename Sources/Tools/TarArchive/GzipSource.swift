/// Gzip members one after another (RFC 1952), every CRC and length verified, nothing behind the last one.
///
/// Members that say how long they are, as in the layers that bake writes, are decompressed by libdeflate on all cores;
/// others that fit the window by libdeflate, which is 2.6 times as fast as zlib; from the first that does not, all go
/// through zlib. libarchive's own filter is not used: it checks neither.
final class GzipSource: TarSource {
    private let input: CompressedInput
    private var mode: Mode

    private enum Mode {
        case markedMembers(MarkedMembers)
        case wholeMembers(MemberInflater)
        case betweenMembers(StreamInflater)
        case insideMember(StreamInflater)
    }

    /// Starts at the first member.
    /// - Parameter watcher: sees the members that say how long they are.
    init(_ input: CompressedInput, watcher: MarkedMembers.Watcher? = nil) {
        self.input = input
        mode = .markedMembers(MarkedMembers(input, watcher: watcher))
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            let count =
                switch mode {
                case .markedMembers(let members): try readMarked(members, into: buffer)
                case .wholeMembers(let inflater): try readMember(inflater, into: buffer)
                case .betweenMembers(let inflater): try startMember(inflater)
                case .insideMember(let inflater): try readPart(inflater, into: buffer)
                }
            if let count { return count }
        }
    }

    /// Nil where another turn is needed: a member without a mark follows.
    private func readMarked(_ members: MarkedMembers, into buffer: UnsafeMutableRawBufferPointer) throws -> Int? {
        let count = try members.read(into: buffer)
        if count > 0 { return count }
        mode = .wholeMembers(try MemberInflater())
        return nil
    }

    /// Nil where another turn is needed: an empty member, or one that does not fit.
    private func readMember(_ inflater: MemberInflater, into buffer: UnsafeMutableRawBufferPointer) throws -> Int? {
        guard try memberFollows(seeing: CompressedInput.windowSize) else { return 0 }
        guard let sizes = input.withWindow({ inflater.inflate($0, into: buffer) }) else {
            mode = .betweenMembers(try StreamInflater())
            return nil
        }
        input.consume(sizes.consumed)
        return sizes.produced > 0 ? sizes.produced : nil
    }

    private func startMember(_ inflater: StreamInflater) throws -> Int? {
        guard try memberFollows(seeing: 2) else { return 0 }
        try inflater.reset()
        mode = .insideMember(inflater)
        return nil
    }

    private func readPart(_ inflater: StreamInflater, into buffer: UnsafeMutableRawBufferPointer) throws -> Int? {
        guard try input.fill(1) > 0 else { throw ArchiveReadError(.truncated, "a gzip member") }
        let part = try input.withWindow { try inflater.inflate($0, into: buffer) }
        input.consume(part.consumed)
        if part.isEnd { mode = .betweenMembers(inflater) }
        return part.produced > 0 ? part.produced : nil
    }

    /// Whether another member starts here; false at the end, an error for anything else.
    private func memberFollows(seeing count: Int) throws -> Bool {
        guard try input.fill(count) > 0 else { return false }
        guard input.withWindow({ $0.starts(with: [0x1f, 0x8b]) }) else {
            throw ArchiveReadError(.trailingData, "the last gzip member")
        }
        return true
    }
}
