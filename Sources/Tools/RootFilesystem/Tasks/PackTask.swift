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

    var message: JSON { ["layers": .array(layers.map(\.message)), "subtree": subtree.message] }

    func perform(in store: BlobStore) throws -> JSON {
        let root = try mount(layers, for: .reading, in: store)
        let top = try root.open()
        return try packLayer { writer in
            var packer = TreePacker(to: writer, .plain)
            let found = try find(in: top)
            let status = try found.status()
            if status.format == S_IFDIR {
                if !status.looksLike(.plainRoot) {
                    try packer.packAlone(TreePlace(parent: found, path: .root), status)
                }
                try packer.packContents(of: found, at: .root)
            } else {
                try packer.packFile(found, status, named: subtree)
            }
        }.message
    }

    /// Follows links, inside the root: `/bin/sh` is the shell, wherever `/bin` leads.
    private func find(in root: Descriptor) throws -> Descriptor {
        let raw = cString(subtree)
        let number = clinux_open_in_root(root.number, raw, O_RDONLY | O_NONBLOCK, 0)
        guard number >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { throw TreeError.missing(subtree) }
            throw SystemError("open", "/\(subtree)")
        }
        return Descriptor(owning: number)
    }
}
