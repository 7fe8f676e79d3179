import BakeModel
import BlobStorage
import CLinux
import Glibc
import LinuxSystem

/// Packs a part of the root that layers make together.
struct PackTask: RootTask {
    static let name = "pack"
    let layers: [Layer]
    let subtree: TreePath

    init(layers: [Layer], subtree: TreePath) {
        self.layers = layers
        self.subtree = subtree
    }

    init(_ message: TaskMessage) throws {
        layers = try message.layers("layers")
        subtree = try message.value("subtree", TreePath.init(message:))
    }

    var message: JSON { ["layers": .array(layers.map(\.json)), "subtree": subtree.message] }

    func perform(in workplace: Workplace) throws -> JSON {
        let root = try mount(layers, for: .reading, in: workplace)
        return try pack(try find(in: root), in: workplace).json
    }

    /// Packs what is at a place, as `find` found it.
    func pack(_ place: TreePlace, in workplace: Workplace, isKept: Bool = true) throws -> Layer {
        try packLayer(in: workplace, isKept: isKept) { writer in
            var packer = TreePacker(to: writer, .plain)
            let status = try place.parent.entry(place.name) ?? stat()
            guard status.format == S_IFDIR else { return try packer.pack(place, status) }
            try packer.packTree(try place.parent.subdirectory(place.name), besides: .plainRoot)
        }
    }

    /// Follows links, inside the root: `/bin/sh` is the shell, wherever `/bin` leads, and is packed as `sh`.
    func find(in root: OverlayRoot) throws -> TreePlace {
        let top = try root.open()
        guard let found = try open(subtree, in: top).pathBytes, found.starts(with: root.path.utf8) else {
            throw TreeError.missing(subtree)
        }
        let path = try TreePath(cleaning: Array(found.dropFirst(root.path.utf8.count)))
        guard !path.isRoot else { return TreePlace(parent: top, path: .root) }
        let entry = try TreePath.root.appending(part: subtree.name)
        return TreePlace(parent: try open(path.parent, in: top), path: entry, name: Array(path.name))
    }

    private func open(_ path: TreePath, in root: Descriptor) throws -> Descriptor {
        let raw = cString(path)
        let number = clinux_find_in_root(root.number, raw)
        guard number >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { throw TreeError.missing(subtree) }
            throw SystemError("open", "/\(subtree)")
        }
        return Descriptor(owning: number)
    }
}
