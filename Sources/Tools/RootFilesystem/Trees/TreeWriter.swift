import BakeModel
import CLinux
import Glibc
import LinuxSystem

/// Writes the entries of an archive that nobody vouches for into a directory, and nowhere else.
///
/// Every parent is looked up by openat2(2) with RESOLVE_IN_ROOT, so links in the tree, absolute ones too, stay in it;
/// the last part of a path is never followed. Of several entries with one path the last stays, as with tar. Only
/// inside a user namespace of bake's: owners are set.
final class TreeWriter {
    /// Gives the next bytes of a file; 0 at the end.
    typealias Content = (UnsafeMutableRawBufferPointer) throws -> Int

    private let root: Descriptor
    private let whiteouts: Bool
    private var directories: [TreePath] = []
    private var lastParent: (path: TreePath, directory: Descriptor)?
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    /// Whether the archive had an entry for the root itself.
    private(set) var sawRoot = false

    /// - Parameter whiteouts: whether `.wh.` names are deletions, as in a layer; else they are names like others.
    init(into root: Descriptor, whiteouts: Bool) {
        self.root = root
        self.whiteouts = whiteouts
    }

    deinit { buffer.deallocate() }

    /// Writes an entry.
    func write(_ entry: TreeEntry, content: Content) throws {
        guard entry.owner.user < IdentityMaps.count, entry.owner.group < IdentityMaps.count else {
            throw TreeError.ownerOutOfRange(entry.path, entry.owner)
        }
        if entry.path.isRoot { return try writeRoot(entry) }
        let place = TreePlace(parent: try parent(of: entry.path), path: entry.path)
        if whiteouts, let whiteout = Whiteout(name: entry.path.name) { return try write(whiteout, place) }
        try put(entry, place, content)
    }

    private func put(_ entry: TreeEntry, _ place: TreePlace, _ content: Content) throws {
        let (file, hadWhiteout) = try makeRoom(entry, place)
        if let file {
            try copy(content, to: file)
            try dress(entry, file, place)
        } else {
            try dress(entry, place)
        }
        // The layer deletes what lies below and makes a directory: a new one, not one with the old content.
        if hadWhiteout, entry.kind == .directory { try markOpaque(place) }
    }

    /// Gives every directory the constant time, which writing into it had changed.
    func finish() throws {
        for path in directories {
            // A later entry may have replaced it by something else.
            guard let directory = try? open(path) else { continue }
            try FileTimes.setConstant(directory)
        }
        try FileTimes.setConstant(root)
    }

    private func writeRoot(_ entry: TreeEntry) throws {
        guard entry.kind == .directory else { throw TreeError.rootReplaced }
        sawRoot = true
        try dress(entry, TreePlace(parent: root, path: .root))
    }

    // MARK: Finding the place

    private func open(_ path: TreePath) throws(SystemError) -> Descriptor {
        let raw = cString(path)
        let number = try SystemError.check("open", "/\(path)") {
            clinux_open_in_root(root.number, raw, O_RDONLY | O_DIRECTORY, 0)
        }
        return Descriptor(owning: number)
    }

    private func parent(of path: TreePath) throws -> Descriptor {
        let parent = path.parent
        if parent.isRoot { return root }
        if let lastParent, lastParent.path == parent { return lastParent.directory }
        let directory = try openOrMake(parent)
        lastParent = (parent, directory)
        return directory
    }

    /// Directories that the archive leaves out are made as tar does, for root, 0755.
    private func openOrMake(_ path: TreePath) throws -> Descriptor {
        do throws(SystemError) { return try open(path) } catch {
            guard error.isMissing || error.number == ELOOP else { throw error }
        }
        let entry = TreeEntry(path: path, kind: .directory, mode: 0o755)
        let place = TreePlace(parent: path.parent.isRoot ? root : try openOrMake(path.parent), path: path)
        try put(entry, place) { _ in 0 }
        return try open(path)
    }

    /// Makes what an entry is, and removes before what has its name already, as in few archives something has.
    /// - Returns: the file, empty, for a regular one; whether a whiteout had the name.
    private func makeRoom(_ entry: TreeEntry, _ place: TreePlace) throws -> (file: Descriptor?, hadWhiteout: Bool) {
        do { return (try make(entry, place), false) } catch let taken as SystemError where taken.number == EEXIST {
            guard let old = try place.parent.entry(place.name) else { throw taken }
            if old.format == S_IFDIR, entry.kind == .directory { return (nil, false) }
            // Any directory that was looked up may lie below the removed one.
            lastParent = nil
            try TreeRemoval.remove(place.name, in: place.parent)
            return (try make(entry, place), old.isWhiteout)
        }
    }

    // MARK: Writing

    /// - Returns: the file of a regular one.
    private func make(_ entry: TreeEntry, _ place: TreePlace) throws -> Descriptor? {
        let parent = place.parent.number
        switch entry.kind {
        case .regular: return try makeFile(entry, place)
        case .directory:
            try SystemError.check("make the directory", place.describedPath) { mkdirat(parent, place.rawName, 0o755) }
            directories.append(entry.path)
        case .symlink(let target):
            let raw = cString(target)
            try SystemError.check("make the link", place.describedPath) { symlinkat(raw, parent, place.rawName) }
        case .hardlink(let target): try link(to: target, place)
        case .fifo:
            try SystemError.check("make the pipe", place.describedPath) { mkfifoat(parent, place.rawName, 0o600) }
        }
        return nil
    }

    private func makeFile(_ entry: TreeEntry, _ place: TreePlace) throws(SystemError) -> Descriptor {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let number = try SystemError.check("make", place.describedPath) {
            openat(place.parent.number, place.rawName, flags, mode_t(entry.mode & 0o777))
        }
        return Descriptor(owning: number)
    }

    private func copy(_ content: Content, to file: Descriptor) throws {
        while case let count = try content(buffer), count > 0 {
            try file.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    private func link(to target: TreePath, _ place: TreePlace) throws {
        guard !target.isRoot, let directory = try? target.parent.isRoot ? root : open(target.parent),
            let found = try directory.entry(target.name), found.format != S_IFDIR, !found.isWhiteout
        else { throw TreeError.brokenHardLink(place.path, to: target) }
        let raw = cString(target.name)
        try SystemError.check("link", place.describedPath) {
            linkat(directory.number, raw, place.parent.number, place.rawName, 0)
        }
    }

    /// Owner first: changing it takes set-id bits and capabilities away. What is right already costs no change.
    private func dress(_ entry: TreeEntry, _ file: Descriptor, _ place: TreePlace) throws {
        let made = try file.status()
        if made.st_uid != entry.owner.user || made.st_gid != entry.owner.group {
            try SystemError.check("give away", "/\(entry.path)") {
                fchown(file.number, entry.owner.user, entry.owner.group)
            }
        }
        if made.st_mode & 0o7777 != mode_t(entry.mode) {
            try SystemError.check("set the mode of", "/\(entry.path)") { fchmod(file.number, mode_t(entry.mode)) }
        }
        try attach(entry, place)
        try FileTimes.setConstant(file)
    }

    /// The same for what is no regular file, by its name.
    private func dress(_ entry: TreeEntry, _ place: TreePlace) throws {
        if case .hardlink = entry.kind { return }
        let parent = place.parent.number
        try SystemError.check("give away", "/\(entry.path)") {
            fchownat(parent, place.rawName, entry.owner.user, entry.owner.group, AT_SYMLINK_NOFOLLOW)
        }
        if case .symlink = entry.kind {
        } else {
            // The entry was just made and is no link, so following is safe; fchmodat knows no other way here.
            try SystemError.check("set the mode of", "/\(entry.path)") {
                fchmodat(parent, place.rawName, mode_t(entry.mode), 0)
            }
        }
        try attach(entry, place)
        // A directory's comes when all is written.
        if entry.kind != .directory { try FileTimes.setConstant(place) }
    }

    private func attach(_ entry: TreeEntry, _ place: TreePlace) throws(SystemError) {
        for attribute in entry.attributes where FileAttributes.keeps(attribute.name) {
            try FileAttributes.write(attribute, to: place.processPath, of: entry.path)
        }
    }

    // MARK: Whiteouts

    /// A whiteout speaks of the layers below only: what this layer itself has under the name stays, but alone.
    private func write(_ whiteout: Whiteout, _ place: TreePlace) throws {
        switch whiteout {
        case .meaningless: return
        case .opaque: try markOpaque(TreePlace(parent: place.parent, path: .root))
        case .of(let name):
            let hidden = TreePlace(parent: place.parent, path: try place.path.parent.appending(part: name))
            guard let own = try place.parent.entry(name) else {
                try SystemError.check("make the whiteout", hidden.describedPath) {
                    clinux_make_whiteout(place.parent.number, hidden.rawName)
                }
                return
            }
            if own.format == S_IFDIR { try markOpaque(hidden) }
        }
    }

    private func markOpaque(_ place: TreePlace) throws {
        let mark = ExtendedAttribute(name: FileAttributes.opaque, value: Array("y".utf8))
        try FileAttributes.write(mark, to: place.processPath, of: place.path)
    }
}
