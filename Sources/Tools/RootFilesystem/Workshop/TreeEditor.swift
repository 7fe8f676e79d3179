import BakeModel
import CLinux
import Glibc
import LinuxSystem

/// Applies edits to a tree, and never leaves it: the tree's own links may point anywhere.
struct TreeEditor {
    let root: Descriptor

    func apply(_ edit: TreeEdit) throws {
        switch edit {
        case .remove(let pattern): try remove(pattern.split(separator: "/").map(String.init)[...], in: root)
        case .empty(let path): try empty(path)
        case .write(let path, let bytes, let mode): try write(path, bytes, mode)
        }
    }

    private func remove(_ parts: ArraySlice<String>, in directory: Descriptor) throws {
        guard let part = parts.first else { return }
        for name in try directory.sortedNames() where fnmatch(part, cString(name), FNM_PERIOD) == 0 {
            if parts.count == 1 {
                try TreeRemoval.remove(name, in: directory)
            } else if try directory.entry(name)?.format == S_IFDIR {
                try remove(parts.dropFirst(), in: try directory.subdirectory(name))
            }
        }
    }

    private func empty(_ path: TreePath) throws {
        guard let parent = try? parent(of: path), try parent.entry(path.name)?.format == S_IFREG else { return }
        let raw = cString(path.name)
        let number = try SystemError.check("empty", "/\(path)") {
            openat(parent.number, raw, O_WRONLY | O_TRUNC | O_NOFOLLOW | O_CLOEXEC)
        }
        _ = Descriptor(owning: number)
    }

    private func write(_ path: TreePath, _ bytes: [UInt8], _ mode: UInt16) throws {
        let place = TreePlace(parent: try parent(of: path), path: path)
        try TreeRemoval.remove(place.name, in: place.parent)
        let number = try SystemError.check("make", "/\(path)") {
            openat(
                place.parent.number, place.rawName, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        }
        let file = Descriptor(owning: number)
        try file.write(bytes)
        try SystemError.check("set the mode of", "/\(path)") { fchmod(file.number, mode_t(mode)) }
    }

    private func parent(of path: TreePath) throws(SystemError) -> Descriptor {
        let raw = cString(path.parent)
        let number = try SystemError.check("open", "/\(path.parent)") {
            clinux_open_in_root(root.number, raw, O_RDONLY | O_DIRECTORY, 0)
        }
        return Descriptor(owning: number)
    }
}
