import BakeModel
import GitRepository
import LinuxSystem

/// The files of a commit in the order in which a layer takes them, read some at a time, the next while the last are packed.
final class CommitReadAhead {
    private typealias File = (commit: CommitFiles, file: CommittedFile, size: UInt64)

    private var waiting: ArraySlice<File>
    private var ready: ArraySlice<[UInt8]> = []
    private var reading: Worker<[[UInt8]]>?

    /// What is read at once: enough to spare the waiting, few enough to hold twice.
    private static let (mostBytes, mostFiles): (UInt64, Int) = (2 << 20, 256)

    /// Takes the entries of a layer in their order; those that are no files of the commit are passed over.
    init(_ entries: [(TreeEntry, LayerDraft.Source)]) {
        waiting =
            entries.compactMap { entry, source -> File? in
                guard case .commit(let commit, let file) = source, case .regular(let size) = entry.kind else {
                    return nil
                }
                return (commit, file, size)
            }[...]
    }

    /// The bytes of the next file. To be asked once for each of them, in order.
    func next() throws -> [UInt8] {
        if ready.isEmpty {
            ready = try (reading ?? begin())?.result()[...] ?? []
            reading = begin()
        }
        // Were more asked for, the writer would refuse a file that is too short.
        return ready.popFirst() ?? []
    }

    private func begin() -> Worker<[[UInt8]]>? {
        guard let commit = waiting.first?.commit else { return nil }
        var bytes: UInt64 = 0
        let batch = waiting.prefix(Self.mostFiles).prefix { file in
            defer { bytes = bytes.addingReportingOverflow(file.size).partialValue }
            return bytes < Self.mostBytes
        }
        waiting = waiting.dropFirst(batch.count)
        let files = batch.map(\.file)
        // Whoever has other files in their place need not read longer ones.
        let limit = min(LayerLimit.fileBytes, Int(clamping: batch.map(\.size).max() ?? 0))
        return Worker { try commit.contents(files, limit) }
    }
}
