import BakeModel
import Glibc

extension LayeredTree {
    /// Finds out where directories really are: as `RootWorkshop.examine` does, without a mounted root.
    /// - Throws: `LayeredTreeError` where only the unpacked layers tell.
    func examine(_ directories: [TreePath]) throws -> [TreePath: ExaminedDirectory] {
        let found = try directories.map { path in
            var resolution = DirectoryResolution(lookUp)
            return (path, try resolution.resolve(path))
        }
        return Dictionary(found) { $1 }
    }

    private func lookUp(_ path: TreePath) throws -> DirectoryResolution.Step {
        do throws(any Error) {
            var entry = try entry(at: [UInt8(ascii: "/")] + path.bytes, followsLink: false)
            switch entry.kind {
            case .symlink(let target): return .link(to: target)
            case .directory:
                // Of other tools' layers unpacking keeps less than they say.
                entry.attributes.removeAll { !FileAttributes.keeps($0.name) }
                return .directory(entry)
            case .regular, .hardlink, .fifo: return .end
            }
        } catch LayeredTreeError.refused(let refusal) where refusal.number == ENOENT { return .end }
    }
}
