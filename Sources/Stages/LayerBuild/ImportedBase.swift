import BakeModel
import BlobStorage
import GitRepository
import Glibc
import LinuxSystem
import StageEngine
import TarArchive

extension StageBuilder {
    /// A root that somebody else made: read strictly, written again as a canonical layer.
    func importedBase(_ recipe: StageRecipe) throws -> BuiltStage {
        switch recipe.base {
        case .committed(let file):
            let bytes = try commit.bytes(file, LayerLimit.fileBytes)
            return try importedTarball(try spooled(bytes), named: file.path.description, recipe)
        case .machine(.tarball(.machine(let path)), let locked):
            let file = try Descriptor.open(path, O_RDONLY)
            return try importedTarball(file, named: path, recipe, expected: locked.digest)
        case .machine(.layout(.machine(let path), let reference), let locked):
            let layout = ImportedLayout(at: path, source: DirectoryBlobs(directory: path), into: store)
            return try layout.base(reference: reference, expected: locked.digest, by: "\(recipe.stage.name): import")
        case .committedLayout(let files, let directory, let reference):
            let blobs = CommittedBlobs(files: files, directory: directory, commit: commit)
            let layout = ImportedLayout(at: directory.description, source: blobs, into: store)
            return try layout.base(reference: reference, expected: nil, by: "\(recipe.stage.name): import")
        default:
            throw LayerFault.unusableImport(recipe.stage.name.text, "the pipeline and its lock disagree")
        }
    }

    private func importedTarball(
        _ file: Descriptor, named name: String, _ recipe: StageRecipe, expected: Digest? = nil
    ) throws -> BuiltStage {
        // Programs that make tarballs of a running root put device nodes in /dev; the sandbox has a /dev of its own.
        var limits = ArchiveLimits()
        limits.devices = .skippedBelowDev
        let archive = try SpooledArchive(reading: file, in: store.temporary, limits: limits)
        if let expected, archive.summary.blob != expected {
            throw LayerFault.unusableImport(
                name, "its digest is \(archive.summary.blob), the lock says \(expected); run 'bake lock'")
        }
        var draft = LayerDraft()
        for (index, entry) in archive.entries.enumerated() where !entry.path.isRoot {
            draft.put(entry, from: .archive(archive, index: index))
        }
        let layer = HistoryLayer(
            layer: try draft.write(to: store, threads: threads), createdBy: "\(recipe.stage.name): import \(name)")
        return BuiltStage(layers: [layer], output: nil, configuration: ImageConfiguration())
    }

    private func spooled(_ bytes: [UInt8]) throws -> Descriptor {
        let blob = try store.newBlob()
        try blob.descriptor.write(bytes)
        return try blob.descriptor.rewound()
    }
}
