import BakeModel
import BlobStorage
import GitRepository
import RootFilesystem
import TarArchive

/// Collects the files of `add:` and `inputs:` into a draft.
struct ContentCollector {
    let store: BlobStore
    let workshop: RootWorkshop
    let commit: CommitFiles

    /// Adds one rule's files where the rule wants them, as their new owner's.
    func collect(_ addition: StageAddition, as owner: Owner, into draft: inout LayerDraft) throws {
        let rule = addition.rule
        let placement = try AddPlacement(rule)
        let before = draft.paths.count
        try collect(addition.content) { entry, source in
            guard let target = placement.target(of: entry.path) else { return }
            var placed = entry
            placed.path = target
            placed.owner = owner
            if case .regular = entry.kind { placed.mode = rule.mode ?? entry.mode }
            if target.isRoot { return }
            draft.put(placed, from: source)
        }
        guard draft.paths.count > before || !isMissing(addition, in: draft) else {
            throw LayerFault.nothingToAdd(addition.content.text, to: rule.destination)
        }
    }

    /// Adds files under the paths that they have in their source.
    func collect(_ content: StageContent, into draft: inout LayerDraft) throws {
        let named = content.named
        try collect(content) { entry, source in
            guard named == nil || named.map({ entry.path.relative(to: $0) != nil }) == true else { return }
            draft.put(entry, from: source)
        }
    }

    private func isMissing(_ addition: StageAddition, in draft: LayerDraft) -> Bool {
        !draft.paths.contains { $0.relative(to: addition.rule.destination) != nil }
    }

    private func collect(_ content: StageContent, each: (TreeEntry, LayerDraft.Source) throws -> Void) throws {
        switch content {
        case .checkout(_, let files):
            for (file, kind) in try kinds(of: files.all()) {
                let source: LayerDraft.Source = file.mode == .symlink ? .none : .commit(commit, file)
                try each(TreeEntry(path: file.path, kind: kind, mode: file.mode.permissions), source)
            }
        case .text(let bytes):
            let size = UInt64(bytes.count)
            try each(TreeEntry(path: .root, kind: .regular(size: size), mode: 0o644), .bytes(bytes))
        case .stage(_, let path, let stage):
            let (layer, prefix) = try layer(of: path, in: stage)
            let archive = try SpooledArchive(
                reading: try store.open(layer.blob), in: store.temporary, expecting: layer)
            for number in archive.entries.indices {
                var (entry, original) = archive.file(of: number)
                entry.path = prefix.appending(entry.path)
                try each(entry, .archive(archive, index: original))
            }
        }
    }

    /// The layer that holds a path of a stage, and where in the stage its entries begin.
    private func layer(of path: StagePath, in stage: BuiltStage) throws -> (Layer, prefix: TreePath) {
        guard path.inRoot else {
            guard let output = stage.output else { throw LayerFault.noOutput(path.path) }
            return (output, .root)
        }
        let found = try workshop.examine(stage.rootLayers, directories: [path.path])[path.path]
        let isDirectory = path.path.isRoot || found?.existing.last?.path == found?.path
        return (try workshop.pack(stage.rootLayers, subtree: path.path), isDirectory ? path.path : .root)
    }

    private func kinds(of files: [CommittedFile]) throws -> [(CommittedFile, TreeEntry.Kind)] {
        var sizes = try commit.sizes(files.filter { $0.mode != .symlink })[...]
        return try files.map { file in
            guard file.mode != .symlink, let size = sizes.popFirst() else {
                return (file, .symlink(target: try commit.bytes(file, 4096)))
            }
            return (file, .regular(size: size))
        }
    }
}

extension StageContent {
    /// The path of another stage that limits what is taken; nil where all of it is meant.
    fileprivate var named: TreePath? {
        if case .stage(_, let path, _) = self { path.path } else { nil }
    }

    /// The source as written, for messages.
    var text: String {
        switch self {
        case .checkout(let pattern, _): pattern.text + (pattern.contents ? "/" : "")
        case .text: "a text of files"
        case .stage(let name, let path, _):
            "\(name):\(path.inRoot ? "/" : "")\(path.path)\(path.contents ? "/" : "")"
        }
    }
}
