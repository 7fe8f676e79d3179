import BakeModel
import BlobStorage
import GitRepository
import RootFilesystem
import TarArchive

/// Collects the files of `add:` and `inputs:` into a draft.
struct ContentCollector {
    let store: BlobStore
    let workshop: RootWorkshop
    let git: GitReader

    /// Adds one rule's files where the rule wants them.
    func collect(_ addition: StageAddition, into draft: inout LayerDraft) throws {
        let rule = addition.rule
        let placement = try AddPlacement(rule)
        let before = draft.paths.count
        try collect(addition.content) { entry, source in
            guard let target = placement.target(of: entry.path) else { return }
            var placed = entry
            placed.path = target
            placed.owner = rule.owner
            if case .regular = entry.kind { placed.mode = rule.mode ?? entry.mode }
            if case .hardlink(let original) = entry.kind {
                guard let moved = placement.target(of: original) else { return }
                placed.kind = .hardlink(to: moved)
            }
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
            for file in files { try each(try entry(of: file), source(of: file)) }
        case .stage(_, let path, let stage):
            let archive = try SpooledArchive(spooling: try layer(of: path, in: stage), from: store)
            for (index, entry) in archive.entries.enumerated() {
                try each(entry, .archive(archive, index: index))
            }
        }
    }

    private func layer(of path: StagePath, in stage: BuiltStage) throws -> Layer {
        guard path.inRoot else {
            guard let output = stage.output else { throw LayerFault.noOutput(path.path) }
            return output
        }
        return try workshop.pack(layers: stage.rootLayers, subtree: path.path)
    }

    private func source(of file: CommittedFile) -> LayerDraft.Source {
        file.mode == .symlink ? .none : .commit(git, file.object)
    }

    private func entry(of file: CommittedFile) throws -> TreeEntry {
        switch file.mode {
        case .symlink:
            let target = try git.blob(file.object, limit: 4096)
            return TreeEntry(path: file.path, kind: .symlink(target: target), mode: 0o777)
        case .regular, .executable:
            let size = try git.blobSize(file.object)
            return TreeEntry(
                path: file.path, kind: .regular(size: size), mode: file.mode == .executable ? 0o755 : 0o644)
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
        case .stage(let name, let path, _):
            "\(name):\(path.inRoot ? "/" : "")\(path.path)\(path.contents ? "/" : "")"
        }
    }
}
