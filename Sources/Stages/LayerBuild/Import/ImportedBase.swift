import BakeModel
import GitRepository
import Glibc
import LinuxSystem
import TarArchive

extension StageBuilder {
    /// A root that somebody else made.
    /// - Parameter isEntered: whether the stage itself works in it.
    func importedBase(_ found: FoundImport, for stage: StageName, isEntered: Bool) throws -> BuiltStage {
        if case .tarball = found.source { return try tarball(found, for: stage, isEntered: isEntered) }
        return try base(of: try image(of: found), found, for: stage, isEntered: isEntered)
    }

    /// What programs that make archives of a running root put into `/dev` is passed over; the sandbox has a `/dev` of its own.
    static var importLimits: ArchiveLimits {
        var limits = ArchiveLimits()
        limits.devices = .skippedBelowDev
        return limits
    }

    private func image(of found: FoundImport) throws -> ForeignImage {
        switch found.source {
        case .layout(let location, let reference):
            return try layout(at: location, found, reference)
        case .layoutArchive(_, let reference):
            let layout = LayoutArchive(archive: try foreignArchive(of: found))
            let index = ForeignIndex(layout, architecture: found.architecture)
            return try layout.image(
                from: try index.entry(named: reference, in: try layout.index()), for: found.architecture)
        case .dockerArchive(_, let reference):
            return try DockerArchive(archive: try foreignArchive(of: found)).image(named: reference)
        case .registry(let reference):
            guard case .pinned(let digest) = found.content else { throw Self.disagreement(found) }
            let client = try imports.client(for: reference.repository)
            return try RegistryImage(client: client, store: store, meter: meter)
                .image(from: digest, for: found.architecture)
        case .tarball: throw Self.disagreement(found)
        }
    }

    /// The lock pins the image of a layout that lies on the machine, whatever its reference names by now.
    private func layout(at location: ImportLocation, _ found: FoundImport, _ reference: String?) throws -> ForeignImage
    {
        switch (location, found.content) {
        case (.machine(let path), .pinned(let digest)):
            return try LayoutDirectory(path: path).image(from: digest, for: found.architecture)
        case (.commit(let path), .committed(let files)):
            let layout = CommittedLayout(files: files, directory: path, commit: commit)
            let index = ForeignIndex(layout, architecture: found.architecture)
            return try layout.image(
                from: try index.entry(named: reference, in: try layout.index()), for: found.architecture)
        default: throw Self.disagreement(found)
        }
    }

    private func foreignArchive(of found: FoundImport) throws -> ForeignArchive {
        var limits = ArchiveLimits()
        limits.entries = ForeignLimit.archiveEntries
        return ForeignArchive(try archive(of: found, limits: limits), named: found.source.description)
    }

    /// The one file that an import is, read whole.
    func archive(of found: FoundImport, limits: ArchiveLimits) throws -> SpooledArchive {
        switch (found.source.location, found.content) {
        case (.commit, .committed(let files)):
            guard files.count == 1 else { throw Self.disagreement(found) }
            let bytes = try commit.bytes(files[0], LayerLimit.fileBytes)
            return try SpooledArchive(reading: ArchiveBytes(bytes), in: store.temporary, limits: limits)
        case (.machine(let path), .pinned(let digest)):
            let file = try Descriptor.open(path, O_RDONLY)
            let archive = try SpooledArchive(reading: file, in: store.temporary, limits: limits)
            guard archive.summary.blob == digest else {
                throw LayerFault.unusableImport(
                    path, "its digest is \(archive.summary.blob), the lock says \(digest); run 'bake lock'")
            }
            return archive
        default: throw Self.disagreement(found)
        }
    }

    /// Writes the files of an archive again, as bake writes layers.
    func canonical(_ archive: SpooledArchive, by name: String, isEntered: Bool) throws -> HistoryLayer {
        var draft = LayerDraft()
        for number in archive.entries.indices where !archive.entries[number].path.isRoot {
            let (entry, original) = archive.file(of: number)
            draft.put(entry, from: .archive(archive, index: original))
        }
        return HistoryLayer(layer: try write(draft, isEntered: isEntered), createdBy: name)
    }

    private static func disagreement(_ found: FoundImport) -> LayerFault {
        .unusableImport(found.source.description, "the pipeline and its lock disagree")
    }
}
