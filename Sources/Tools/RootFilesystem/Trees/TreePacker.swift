import BakeModel
import CLinux
import Glibc
import LinuxSystem
import TarArchive

/// Walks a directory and writes what is in it as a layer, in the order of `TreePath`.
///
/// Owners are those that the user namespace shows. Sockets are left out, device nodes refused. Directories that the
/// overlay copied up because something below them changed are entries too, as in Docker's layers.
struct TreePacker {
    /// What whiteouts mean in the directory.
    enum Notation {
        /// It is an overlay's upper directory: whiteouts and opaque marks become entries.
        case overlay
        /// It is a plain tree, where they are device nodes like others.
        case plain
    }

    private let notation: Notation
    private let output: LayerWriter
    /// Whether each entry gets the constant time while it is walked, and sockets are removed.
    private let settles: Bool
    /// What no entry may hold.
    private let secrets: SecretPatterns
    private var links: [FileIdentity: TreePath] = [:]
    private var depth = 0

    private struct FileIdentity: Hashable {
        let device: dev_t
        let number: ino_t
    }

    /// - Parameter secrets: an entry with one of them is an error, `SecretFault.left`.
    init(to output: LayerWriter, _ notation: Notation, settles: Bool = false, without secrets: [SandboxSecret] = []) {
        self.output = output
        self.notation = notation
        self.settles = settles
        self.secrets = SecretPatterns(secrets)
    }

    /// Packs all that is in a directory, and not the directory itself.
    /// - Parameter path: where the directory is in the layer.
    mutating func packContents(of directory: Descriptor, at path: TreePath) throws {
        depth += 1
        defer { depth -= 1 }
        guard depth <= TreeWalk.depthLimit else { throw TreeError.tooDeep(path) }
        for item in try items(of: directory, at: path) {
            switch item.meaning {
            case .whiteout: try output.append(TreeEntry(path: item.path, kind: .regular(size: 0), mode: 0o600))
            case .file(let status): try pack(TreePlace(parent: directory, path: item.path), status)
            }
        }
        if settles { try FileTimes.setConstant(directory) }
    }

    /// Packs one entry of a directory, and what is below it.
    mutating func pack(_ place: TreePlace, _ status: stat) throws {
        switch status.format {
        case S_IFDIR: try packDirectory(place, status)
        case S_IFREG: try packFile(place, status)
        case S_IFLNK: try append(place, status, .symlink(target: try place.linkTarget()))
        case S_IFIFO: try append(place, status, .fifo)
        case S_IFSOCK: if settles { try TreeRemoval.remove(place.name, in: place.parent) }
        default: throw TreeError.deviceNode(place.path)
        }
    }

    /// Packs one entry of a directory without what is below it.
    func packAlone(_ place: TreePlace, _ status: stat) throws { try append(place, status, .directory) }

    private mutating func packDirectory(_ place: TreePlace, _ status: stat) throws {
        try append(place, status, .directory)
        try packContents(of: try place.parent.subdirectory(place.name), at: place.path)
    }

    private mutating func packFile(_ place: TreePlace, _ status: stat) throws {
        let identity = FileIdentity(device: status.st_dev, number: status.st_ino)
        if status.st_nlink > 1, let first = links[identity] { return try append(place, status, .hardlink(to: first)) }
        if status.st_nlink > 1 { links[identity] = place.path }
        let number = try SystemError.check("open", "/\(place.path)") {
            openat(place.parent.number, place.rawName, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        }
        let file = Descriptor(owning: number)
        let entry = try place.entry(status, .regular(size: UInt64(status.st_size)))
        try refuseSecrets(in: entry)
        var search = secrets.plain.isEmpty ? nil : SecretSearch(for: secrets)
        var rest = Int(status.st_size)
        try output.append(entry) { buffer in
            let count = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(max(rest, 1))))
            guard count <= rest, count > 0 || rest == 0 else { throw TreeError.changedWhileRead(place.path) }
            rest -= count
            if let found = search?.feed(UnsafeRawBufferPointer(rebasing: buffer.prefix(count))) {
                throw SecretFault.left(found.name, line: found.line, at: place.path)
            }
            return count
        }
        if settles { try FileTimes.setConstant(file) }
    }

    private func append(_ place: TreePlace, _ status: stat, _ kind: TreeEntry.Kind) throws {
        let entry = try place.entry(status, kind)
        try refuseSecrets(in: entry)
        try output.append(entry)
        // A directory's comes after its contents.
        if settles, kind != .directory { try FileTimes.setConstant(place) }
    }

    /// Looks into everything of an entry but its content.
    private func refuseSecrets(in entry: TreeEntry) throws {
        guard !secrets.plain.isEmpty else { return }
        if let found = SecretSearch.find(secrets, in: Array(entry.path.name)) {
            // The path itself must not be told.
            let told = try entry.path.parent.appending(part: Array("[secret \(found.name)]".utf8))
            throw SecretFault.left(found.name, line: found.line, at: told)
        }
        var texts = entry.attributes.flatMap { [Array($0.name.utf8), $0.value] }
        if case .symlink(let target) = entry.kind { texts.append(target) }
        for text in texts {
            guard let found = SecretSearch.find(secrets, in: text) else { continue }
            throw SecretFault.left(found.name, line: found.line, at: entry.path)
        }
    }
}

extension TreePacker {
    private enum Meaning {
        case whiteout
        case file(stat)
    }

    private struct Item {
        let path: TreePath
        let meaning: Meaning
    }

    /// What a directory holds, in the order of the names that the layer gives it.
    private func items(of directory: Descriptor, at path: TreePath) throws -> [Item] {
        var items: [Item] = []
        if notation == .overlay, try isOpaque(directory) {
            items.append(Item(path: try path.appending(part: Whiteout.opaqueName), meaning: .whiteout))
        }
        for name in try directory.sortedNames() {
            guard let status = try directory.entry(name) else { continue }
            items.append(try item(name, status, at: path))
        }
        return items.sorted { $0.path < $1.path }
    }

    private func item(_ name: [UInt8], _ status: stat, at path: TreePath) throws -> Item {
        guard !name.starts(with: Whiteout.prefix) else { throw TreeError.reservedName(try path.appending(part: name)) }
        if notation == .overlay, status.isWhiteout {
            return Item(path: try path.appending(part: Whiteout.prefix + name), meaning: .whiteout)
        }
        return Item(path: try path.appending(part: name), meaning: .file(status))
    }

    private func isOpaque(_ directory: Descriptor) throws -> Bool {
        let path = cString("/proc/self/fd/\(directory.number)/.".utf8)
        return try FileAttributes.value(of: FileAttributes.opaque, path, .root) == Array("y".utf8)
    }
}
