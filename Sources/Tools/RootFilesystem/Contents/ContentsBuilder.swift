import BakeModel
import BlobStorage
import LinuxSystem
import TarArchive

/// Entries on their way into a layer's contents.
struct ContentsBuilder {
    private var records: [UInt8] = []
    private var order: [UInt32] = []

    /// More than this is not kept in memory: enough for millions of files.
    private static let longest = 1 << 30

    /// Adds the archive's next entry.
    mutating func add(_ entry: ContentsEntry) throws {
        guard records.count < Self.longest else { throw ContentsTooLarge(limit: Self.longest) }
        order.append(UInt32(records.count))
        entry.write(to: &records)
    }

    /// What a layer holds that was written now: in its order, nothing twice, nothing below a file.
    func finish(written layer: Layer, _ members: [StoredMember]) -> LayerContents {
        LayerContents(
            layer: layer, members: members, isPlain: true, isHashed: false, records: records, order: order)
    }

    /// What a layer holds whose end was verified now.
    func finish(read layer: Layer, _ members: [StoredMember]) throws -> LayerContents {
        let sorted = records.withUnsafeBytes { records in
            order.sorted { left, right in
                let (first, second) = (
                    ContentsEntry.path(at: Int(left), in: records), ContentsEntry.path(at: Int(right), in: records)
                )
                if TreePath.precedes(first, second) { return true }
                return left < right && !TreePath.precedes(second, first)
            }
        }
        return LayerContents(
            layer: layer, members: members, isPlain: try Self.isPlain(records, sorted), isHashed: true,
            records: records, order: sorted)
    }

    /// In the order of a walk whatever lies below a path follows it at once.
    private static func isPlain(_ records: [UInt8], _ order: [UInt32]) throws -> Bool {
        var above: [TreeEntry] = []
        for place in order {
            var record = RecordBytes(records, from: Int(place))
            let entry = try ContentsEntry(reading: &record).entry
            while let last = above.last, entry.path.relative(to: last.path) == nil { above.removeLast() }
            guard
                above.last.map({ $0.kind == .directory && ($0.path != entry.path || entry.kind == .directory) }) ?? true
            else { return false }
            above.append(entry)
        }
        return true
    }
}

extension LayerContents {
    /// Reads a layer of a store once, from end to end.
    /// - Throws: `StoreError.corrupted` where the blob's bytes are not its own; `ArchiveReadError`, with `otherDigest` where
    ///   its tar is not the layer's.
    init(reading layer: Layer, from store: BlobStore) throws {
        var builder = ContentsBuilder()
        let summary = try store.reading(layer) { file in
            let summary = try ArchiveReader.read(file, limits: Self.limits, recordingMembers: true) { entry, content in
                guard case .regular = entry.kind else {
                    return try builder.add(ContentsEntry(entry, digest: nil, offset: nil))
                }
                let digest = try Self.digest { try content.read(into: $0) }
                try builder.add(ContentsEntry(entry, digest: digest, offset: content.offset))
            }
            try summary.check(is: layer)
            return summary
        }
        self = try builder.finish(read: summary.layer, summary.members)
    }

    /// As where a layer is unpacked: nodes below /dev of other tools' layers are no part of it.
    public static var limits: ArchiveLimits {
        var limits = ArchiveLimits()
        limits.devices = .skippedBelowDev
        return limits
    }

    private static func digest(_ read: (UnsafeMutableRawBufferPointer) throws -> Int) throws -> Digest {
        var hasher = DigestHasher()
        try withUnsafeTemporaryAllocation(byteCount: 128 << 10, alignment: 16) { buffer in
            while case let count = try read(buffer), count > 0 {
                hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }
        return hasher.finish()
    }
}

/// A layer whose entries are too many to be listed.
struct ContentsTooLarge: ExplainedError, Hashable {
    let limit: Int
    var doing: String { "list" }
    var subject: String { "a layer's entries" }
    var reason: String { "their names and attributes take more than \(limit) bytes" }
    var exit: ExitCode { .failed }
}
