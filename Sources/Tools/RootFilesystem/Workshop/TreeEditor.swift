import BakeModel
import CLinux
import Glibc
import LinuxSystem

/// Applies edits to a tree, and never leaves it: the tree's own links may point anywhere.
struct TreeEditor {
    let root: Descriptor

    func apply(_ edit: TreeEdit) throws {
        switch edit {
        case .remove(let pattern): _ = try remove(Self.parts(of: pattern), in: root)
        case .removeFound(let pattern): try removeFound(pattern)
        case .empty(let path): try empty(path)
        case .fill(let path, let bytes): try fill(path, bytes)
        case .write(let path, let bytes, let mode): try write(path, bytes, mode)
        case .makeDirectory(let path, let mode, let owner): try makeDirectory(path, mode, owner)
        }
    }

    private static func parts(of pattern: String) -> ArraySlice<String> {
        pattern.split(separator: "/").map(String.init)[...]
    }

    /// The directories before the first wildcard may be links: `/bin/x` is removed where `/bin` leads.
    private func removeFound(_ pattern: String) throws {
        let parts = Self.parts(of: pattern)
        let fixed = parts.dropLast().prefix { part in !part.contains { "*?[\\".contains($0) } }
        let start = try? open(try TreePath(cleaning: fixed.joined(separator: "/")))
        guard let start, try remove(parts.dropFirst(fixed.count), in: start) > 0 else {
            throw TreeEditFault.noMatch(pattern)
        }
    }

    /// Removes what matches and returns how many that were. As in the shell, `*` leaves out what begins with a dot; `**`
    /// does not.
    private func remove(_ parts: ArraySlice<String>, in directory: Descriptor) throws -> Int {
        guard let part = parts.first else { return 0 }
        if part == "**" { return try removeAtAnyDepth(parts.dropFirst(), in: directory) }
        var count = 0
        for name in try directory.sortedNames() where fnmatch(part, cString(name), FNM_PERIOD) == 0 {
            if parts.count == 1 {
                try TreeRemoval.remove(name, in: directory)
                count += 1
            } else if try directory.entry(name)?.format == S_IFDIR {
                count += try remove(parts.dropFirst(), in: try directory.subdirectory(name))
            }
        }
        return count
    }

    private func removeAtAnyDepth(_ rest: ArraySlice<String>, in directory: Descriptor) throws -> Int {
        guard !rest.isEmpty else {
            let names = try directory.sortedNames()
            for name in names { try TreeRemoval.remove(name, in: directory) }
            return names.count
        }
        var count = try remove(rest, in: directory)
        for name in try directory.sortedNames() where try directory.entry(name)?.format == S_IFDIR {
            count += try removeAtAnyDepth(rest, in: try directory.subdirectory(name))
        }
        return count
    }

    private func fill(_ path: TreePath, _ bytes: [UInt8]) throws {
        let raw = cString(path)
        let number = clinux_open_in_root(root.number, raw, O_WRONLY | O_TRUNC | O_NONBLOCK, 0)
        guard number >= 0 else { throw TreeEditFault.noFile(path) }
        let file = Descriptor(owning: number)
        guard try file.status().format == S_IFREG else { throw TreeEditFault.noFile(path) }
        try file.write(bytes)
    }

    /// A link that leads to a directory counts as one.
    private func makeDirectory(_ path: TreePath, _ mode: UInt16, _ owner: Owner) throws {
        if path.isRoot || (try? open(path)) != nil { return }
        try makeDirectory(path.parent, 0o755, .root)
        let parent = try open(path.parent)
        let raw = cString(path.name)
        try SystemError.check("make", "/\(path)") { mkdirat(parent.number, raw, 0o700) }
        let made = try open(path)
        try SystemError.check("set the owner of", "/\(path)") { fchown(made.number, owner.user, owner.group) }
        try SystemError.check("set the mode of", "/\(path)") { fchmod(made.number, mode_t(mode)) }
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

    private func parent(of path: TreePath) throws(SystemError) -> Descriptor { try open(path.parent) }

    private func open(_ directory: TreePath) throws(SystemError) -> Descriptor {
        let raw = cString(directory)
        let number = try SystemError.check("open", "/\(directory)") {
            clinux_open_in_root(root.number, raw, O_RDONLY | O_DIRECTORY, 0)
        }
        return Descriptor(owning: number)
    }
}
