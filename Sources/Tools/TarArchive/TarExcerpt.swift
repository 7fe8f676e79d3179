import Glibc
import LinuxSystem

/// Some bytes out of a stored tar.
///
/// Where the tar is stored in members that are known, those that hold the bytes are read and proved, and no other; else
/// everything before the bytes is decompressed and passed over, and nothing is proved: whoever reads checks a digest.
public struct TarExcerpt {
    /// Which bytes of the tar.
    public let range: Range<UInt64>
    private let source: any TarSource
    /// Where the source's first byte lies in the tar.
    private let start: UInt64

    /// Prepares to read.
    /// - Parameters:
    ///   - file: the stored bytes; its position does not matter, and stays.
    ///   - members: those that a verified pass found, all of them; none where the tar is stored otherwise.
    public init(_ range: Range<UInt64>, of file: Descriptor, in members: [StoredMember]) throws {
        self.range = range
        guard !members.isEmpty else {
            start = 0
            let input = CompressedInput(ArchiveBytes(file, from: 0, through: .max))
            source = try StoredFormat.detect(input, ArchiveLimits()).source(input)
            return
        }
        let cover = MemberCover(of: range, in: members)
        start = cover.plainStart
        var expected = cover.members.makeIterator()
        let bytes = ArchiveBytes(file, from: cover.stored.lowerBound, through: cover.stored.upperBound)
        let input = CompressedInput(bytes, window: cover.stored.count)
        source = MemberSource(
            MarkedMembers(input) { member in
                guard member == expected.next() else { throw ArchiveReadError(.otherDigest, "a gzip member") }
            })
    }

    /// Gives the bytes in pieces.
    /// - Throws: `ArchiveReadError`: what was given before is not to be believed where no members are known.
    public func read(each: (UnsafeRawBufferPointer) throws -> Void) throws {
        guard !range.isEmpty else { return }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
        defer { buffer.deallocate() }
        var place = start
        while place < range.upperBound {
            let count = try source.read(into: buffer)
            guard count > 0 else { throw ArchiveReadError(.truncated, "byte \(place) of the tar") }
            let end = place + UInt64(count)
            let wanted = max(place, range.lowerBound)..<max(min(end, range.upperBound), max(place, range.lowerBound))
            if !wanted.isEmpty {
                let piece = Int(wanted.lowerBound - place)..<Int(wanted.upperBound - place)
                try each(UnsafeRawBufferPointer(rebasing: buffer[piece]))
            }
            place = end
        }
    }
}

/// The members that hold some bytes of a tar, and where they lie.
private struct MemberCover {
    private(set) var members: ArraySlice<StoredMember>
    /// The stored bytes of these members.
    private(set) var stored: Range<UInt64>
    /// Where the first of them begins in the tar.
    private(set) var plainStart: UInt64

    init(of range: Range<UInt64>, in all: [StoredMember]) {
        var first = 0
        var place: (stored: UInt64, plain: UInt64) = (0, 0)
        while first < all.count, place.plain + UInt64(all[first].plainSize) <= range.lowerBound {
            place.stored += UInt64(all[first].size)
            place.plain += UInt64(all[first].plainSize)
            first += 1
        }
        plainStart = place.plain
        let start = place.stored
        var last = first
        while last < all.count, place.plain < range.upperBound {
            place.stored += UInt64(all[last].size)
            place.plain += UInt64(all[last].plainSize)
            last += 1
        }
        members = all[first..<last]
        stored = start..<place.stored
    }
}

/// Members one after another, and nothing else.
private final class MemberSource: TarSource {
    private let members: MarkedMembers

    init(_ members: MarkedMembers) { self.members = members }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int { try members.read(into: buffer) }
}

extension ArchiveBytes {
    /// A part of a file, whose position stays as it is.
    fileprivate init(_ file: Descriptor, from start: UInt64, through end: UInt64) {
        var place = start
        read = { buffer in
            let most = min(UInt64(buffer.count), end - place)
            let count = try SystemError.check("read", file.describedPath) {
                pread(file.number, buffer.baseAddress, Int(most), off_t(clamping: place))
            }
            place += UInt64(count)
            return count
        }
    }
}
