import BakeModel
import Clibarchive
import Glibc

/// What libarchive tells of an entry, as a `TreeEntry` or a refusal.
struct EntryTranslation {
    private let header: OpaquePointer
    private let limits: ArchiveLimits
    private let name: [UInt8]

    /// Looks at libarchive's current entry.
    init(_ header: OpaquePointer, _ limits: ArchiveLimits) {
        self.header = header
        self.limits = limits
        name = Self.bytes(archive_entry_pathname(header))
    }

    /// The entry; nil where it is a device that is passed over.
    func entry(_ facts: EntryFacts) throws(ArchiveReadError) -> TreeEntry? {
        guard !name.isEmpty else { throw refusal(.noName) }
        let path = try clean(name)
        guard let kind = try kind(path) else { return nil }
        try compare(kind, facts)
        guard !path.isRoot || kind == .directory else { throw refusal(.noName) }
        return TreeEntry(path: path, kind: kind, mode: facts.mode, owner: try owner(), attributes: try attributes())
    }

    /// Some readers take a file named `a/` for a directory and pass over its data, others do not.
    private func compare(_ kind: TreeEntry.Kind, _ facts: EntryFacts) throws(ArchiveReadError) {
        switch kind {
        case .regular(let size):
            guard facts.isSparse || facts.size == size else { throw refusal(.ambiguous) }
        case .directory, .symlink, .hardlink, .fifo:
            guard facts.size == 0 else { throw refusal(.dataOfLink) }
        }
    }

    private func kind(_ path: TreePath) throws(ArchiveReadError) -> TreeEntry.Kind? {
        if let target = archive_entry_hardlink(header) {
            let target = try clean(Self.bytes(target))
            guard !target.isRoot else { throw refusal(.noName) }
            return .hardlink(to: target)
        }
        let type = archive_entry_filetype(header)
        switch type {
        case S_IFREG: return .regular(size: UInt64(clamping: archive_entry_size(header)))
        case S_IFDIR: return .directory
        case S_IFIFO: return .fifo
        case S_IFLNK: return .symlink(target: try symlinkTarget())
        case S_IFCHR, S_IFBLK:
            let isBelowDev = path.parts.count > 1 && path.parts[0].elementsEqual("dev".utf8)
            guard limits.devices == .skippedBelowDev, isBelowDev else { throw refusal(.device) }
            return nil
        default: throw refusal(.unknownType(UInt8(truncatingIfNeeded: type >> 12)))
        }
    }

    private func symlinkTarget() throws(ArchiveReadError) -> [UInt8] {
        let target = Self.bytes(archive_entry_symlink(header))
        guard !target.isEmpty else { throw refusal(.noName) }
        guard target.count <= 4095 else { throw refusal(.nameTooLong) }
        return target
    }

    private func owner() throws(ArchiveReadError) -> Owner {
        guard let user = UInt32(exactly: archive_entry_uid(header)), user != .max,
            let group = UInt32(exactly: archive_entry_gid(header)), group != .max
        else { throw refusal(.ownerOutOfRange) }
        return Owner(user: user, group: group)
    }

    /// Every attribute once, though bsdtar writes each in two families of records.
    private func attributes() throws(ArchiveReadError) -> [ExtendedAttribute] {
        var found: [ExtendedAttribute] = []
        archive_entry_xattr_reset(header)
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var size = 0
        while archive_entry_xattr_next(header, &name, &value, &size) == ARCHIVE_OK {
            guard let name, let name = String(validatingCString: name), !name.isEmpty else {
                throw refusal(.badAttribute)
            }
            let attribute = ExtendedAttribute(
                name: name, value: Array(UnsafeRawBufferPointer(start: value, count: size)))
            if found.contains(attribute) { continue }
            // Byte by byte: Swift would call two spellings of one text equal.
            let isOther = found.contains { $0.name.utf8.elementsEqual(name.utf8) }
            guard !isOther else { throw refusal(.badAttribute) }
            found.append(attribute)
        }
        return found
    }

    private func clean(_ raw: [UInt8]) throws(ArchiveReadError) -> TreePath {
        let path: TreePath
        do throws(TreePath.Fault) { path = try TreePath(cleaning: raw) } catch {
            switch error {
            case .containsNUL: throw refusal(.containsNUL)
            case .leavesRoot: throw refusal(.leavesRoot)
            case .tooLong: throw refusal(.nameTooLong)
            }
        }
        guard path.parts.count <= limits.pathDepth else { throw refusal(.nameTooLong) }
        return path
    }

    private func refusal(_ fault: ArchiveReadError.Fault) -> ArchiveReadError {
        ArchiveReadError(fault, name.isEmpty ? "an entry" : String(decoding: name.prefix(255), as: UTF8.self))
    }

    private static func bytes(_ text: UnsafePointer<CChar>?) -> [UInt8] {
        guard let text else { return [] }
        return Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }
}
