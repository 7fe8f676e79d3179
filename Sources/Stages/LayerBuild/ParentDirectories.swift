import BakeModel
import RootFilesystem

/// The directories of what a layer adds, and those above it.
///
/// A layer that names `/tmp/x` without `/tmp` would hide the mode that `/tmp` has below; one that names `/bin/x` where
/// `/bin` is a link to `usr/bin` would put a directory in the link's place. So the root below is asked first.
struct ParentDirectories {
    let workshop: RootWorkshop
    let layers: [Layer]

    /// The draft at the paths that its directories really have in the root, with those directories in it.
    func complete(_ draft: LayerDraft) throws -> LayerDraft {
        // Over nothing there are neither links nor modes to ask for.
        var complete = layers.isEmpty ? draft : try placed(draft)
        for path in Set(complete.paths.map(\.parent)).flatMap(\.andAncestors) {
            complete.putDirectory(TreeEntry(path: path, kind: .directory, mode: 0o755))
        }
        return complete
    }

    private func placed(_ draft: LayerDraft) throws -> LayerDraft {
        let directories = draft.directories
        let found = try workshop.examine(
            layers, directories: directories.union(draft.paths.map(\.parent)).sorted())
        var placed = draft.moved { path in
            // A directory that is a link to one in the root is what the link leads to.
            if directories.contains(path), let place = found[path]?.path { return place }
            return (found[path.parent]?.path ?? path.parent).appending(path.name)
        }
        for entry in found.values.flatMap(\.existing) { placed.keepDirectory(entry) }
        return placed
    }
}

extension TreePath {
    /// This path and the directories above it, without the root.
    fileprivate var andAncestors: [TreePath] {
        var ancestors: [TreePath] = []
        var path = self
        while !path.isRoot {
            ancestors.append(path)
            path = path.parent
        }
        return ancestors
    }

    /// This path with a part below it that stood below another one before.
    fileprivate func appending(_ name: ArraySlice<UInt8>) -> TreePath {
        (try? appending(part: name)) ?? self
    }
}
