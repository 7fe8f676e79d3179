import BakeModel

/// An entry of a layer, and where its bytes are.
public struct ContentsEntry: Hashable, Sendable {
    /// The path, kind, mode, owner and attributes.
    public let entry: TreeEntry
    /// The digest of a regular file's bytes; nil for everything else, and where the layer's writer did not make it.
    public let digest: Digest?
    /// Where a regular file's bytes begin in the tar; nil for everything else, and where they are not one piece of it.
    public let offset: UInt64?

    /// An entry that was written with its bytes beginning there.
    init(written entry: TreeEntry, at offset: UInt64) {
        var hasBytes = false
        if case .regular = entry.kind { hasBytes = true }
        self.init(entry, digest: nil, offset: hasBytes ? offset : nil)
    }

    /// Describes an entry.
    public init(_ entry: TreeEntry, digest: Digest?, offset: UInt64?) {
        self.entry = entry
        self.digest = digest
        self.offset = offset
    }
}

/// As kept: numbers big-endian, everything of variable length behind its length; the path first.
extension ContentsEntry {
    /// What kind of entry follows, and whether its bytes are one piece.
    private enum Mark: UInt8 {
        case file = 1
        case scatteredFile, unhashedFile, directory, symlink, hardlink, fifo
    }

    /// Adds the record.
    func write(to records: inout [UInt8]) {
        records.append(text: entry.path.bytes)
        switch entry.kind {
        case .regular(let size):
            records.append((offset == nil ? Mark.scatteredFile : digest == nil ? .unhashedFile : .file).rawValue)
            records.append(number: size)
            records.append(number: offset ?? 0)
            if let digest { records += digest.bytes }
        case .directory: records.append(Mark.directory.rawValue)
        case .fifo: records.append(Mark.fifo.rawValue)
        case .symlink(let target):
            records.append(Mark.symlink.rawValue)
            records.append(text: target)
        case .hardlink(let target):
            records.append(Mark.hardlink.rawValue)
            records.append(text: target.bytes)
        }
        records.append(number: entry.mode)
        records.append(number: entry.owner.user)
        records.append(number: entry.owner.group)
        records.append(number: UInt32(entry.attributes.count))
        for attribute in entry.attributes {
            for part in [Array(attribute.name.utf8), attribute.value] {
                records.append(number: UInt32(part.count))
                records += part
            }
        }
    }

    /// Reads a record.
    /// - Parameter known: its path, where that has been compared already.
    /// - Throws: `RecordBytes.Damage` for what `write` never wrote.
    init(reading record: inout RecordBytes, knownAs known: TreePath? = nil) throws(RecordBytes.Damage) {
        let path: TreePath
        if let known {
            path = known
            _ = try record.text()
        } else {
            path = try record.path()
        }
        guard let mark = Mark(rawValue: try record.byte()) else { throw RecordBytes.Damage() }
        var digest: Digest?
        var offset: UInt64?
        let kind: TreeEntry.Kind
        switch mark {
        case .file, .scatteredFile, .unhashedFile:
            kind = .regular(size: try record.size())
            let place = try record.size()
            offset = mark == .scatteredFile ? nil : place
            digest = mark == .unhashedFile ? nil : try record.digest()
        case .directory: kind = .directory
        case .fifo: kind = .fifo
        case .symlink: kind = .symlink(target: Array(try record.text()))
        case .hardlink: kind = .hardlink(to: try record.path())
        }
        let mode: UInt16 = try record.number()
        let owner = Owner(user: try record.number(), group: try record.number())
        let attributes = try Self.attributes(&record)
        let entry = TreeEntry(path: path, kind: kind, mode: mode, owner: owner, attributes: attributes)
        self.init(entry, digest: digest, offset: offset)
    }

    private static func attributes(_ record: inout RecordBytes) throws(RecordBytes.Damage) -> [ExtendedAttribute] {
        let count: UInt32 = try record.number()
        var attributes: [ExtendedAttribute] = []
        for _ in 0..<count {
            let name = String(decoding: try part(&record), as: UTF8.self)
            attributes.append(ExtendedAttribute(name: name, value: Array(try part(&record))))
        }
        return attributes
    }

    private static func part(_ record: inout RecordBytes) throws(RecordBytes.Damage) -> ArraySlice<UInt8> {
        let size: UInt32 = try record.number()
        return try record.bytes(Int(size))
    }

    /// The path of the record that begins there; empty where none does.
    static func path(at start: Int, in records: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard start + 2 <= records.count else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        let length = Int(records[start]) << 8 | Int(records[start + 1])
        let end = min(start + 2 + length, records.count)
        return UnsafeRawBufferPointer(rebasing: records[(start + 2)..<end])
    }
}
