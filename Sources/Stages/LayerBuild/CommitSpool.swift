import BakeModel
import BlobStorage
import GitRepository
import LinuxSystem
import Synchronization

/// The commit's files for a stage that takes some of them twice, into its layer and into `/work`: these are kept in a file
/// without a name meanwhile, because getting them out of git again costs several times as much.
final class CommitSpool: Sendable {
    private struct Places {
        var known: [CommittedFile: Range<Int>] = [:]
        /// Where the next one goes; nil where there is no room any more.
        var end: Int? = 0
    }

    private let commit: CommitFiles
    private let wanted: Set<CommittedFile>
    private let spool: Descriptor
    private let places = Mutex(Places())

    /// - Parameter wanted: the files that are taken twice.
    init(_ commit: CommitFiles, keeping wanted: Set<CommittedFile>, in store: BlobStore) throws {
        self.commit = commit
        self.wanted = wanted
        // The name goes with the writer.
        spool = try store.newBlob().descriptor
    }

    /// How the files are read.
    var files: CommitFiles {
        CommitFiles(sizes: commit.sizes) { try self.contents(of: $0, limit: $1) }
    }

    private func contents(of files: [CommittedFile], limit: Int) throws -> [[UInt8]] {
        let known = places.withLock { places in files.map { places.known[$0] } }
        let unknown = zip(files, known).filter { $1 == nil }.map(\.0)
        var rest = try unknown.isEmpty ? [] : commit.contents(unknown, limit)[...]
        return try zip(files, known).map { file, place in
            if let place { return try spool.bytes(from: place.lowerBound, count: place.count) }
            let bytes = rest.popFirst() ?? []
            if wanted.contains(file) { keep(bytes, of: file) }
            return bytes
        }
    }

    /// It is a service: what finds no room is asked for again.
    private func keep(_ bytes: [UInt8], of file: CommittedFile) {
        places.withLock { places in
            guard let start = places.end else { return }
            guard (try? spool.write(bytes)) != nil else {
                places.end = nil
                return
            }
            places.known[file] = start..<(start + bytes.count)
            places.end = start + bytes.count
        }
    }
}

extension StageBuilder {
    /// This builder, which gets no file out of the commit twice for a stage.
    func readingOnce(_ recipe: StageRecipe) throws -> StageBuilder {
        let added = try Self.files(of: recipe.additions.map(\.content))
        let twice = try added.intersection(Self.files(of: recipe.inputs))
        guard !twice.isEmpty else { return self }
        var builder = self
        builder.commit = try CommitSpool(commit, keeping: twice, in: store).files
        return builder
    }

    private static func files(of contents: [StageContent]) throws -> Set<CommittedFile> {
        Set(
            try contents.flatMap { content in
                guard case .checkout(_, let files) = content else { return [CommittedFile]() }
                return try files.all().filter { $0.mode != .symlink }
            })
    }
}
