import BakeModel
import Clibarchive
import Glibc

/// Takes the blocks of tar that libarchive gives away.
protocol TarSink: AnyObject {
    /// Takes a block.
    func accept(_ block: UnsafeRawBufferPointer) throws
}

/// libarchive's writer, set up for the canonical form. The only place that calls it.
final class TarEncoder {
    private let archive: OpaquePointer
    private let entry: OpaquePointer
    private let locale: CharacterLocale
    private let sink: any TarSink
    /// What stopped the sink; an error cannot travel through C.
    private var failure: (any Error)?
    private var order = EntryOrder()
    private var isOpen = true
    private var buffer = [UInt8](repeating: 0, count: 256 << 10)
    /// Small enough to stay in the processor's cache while it is hashed and cut. No matter for the bytes.
    private static let blockSize: Int32 = 64 << 10

    /// Opens an archive whose blocks go to the sink.
    init(to sink: any TarSink) throws {
        locale = try CharacterLocale.utf8()
        guard let archive = archive_write_new() else { throw LayerWriteError.outOfMemory }
        guard let entry = archive_entry_new() else {
            archive_write_free(archive)
            throw LayerWriteError.outOfMemory
        }
        self.archive = archive
        self.entry = entry
        self.sink = sink
        try configure()
    }

    deinit {
        // Or closing would write the end of an archive that was given up.
        archive_write_fail(archive)
        archive_write_free(archive)
        archive_entry_free(entry)
    }

    private func configure() throws {
        let subject = "its head"
        try check(archive_write_set_format_pax_restricted(archive), subject)
        try check(archive_write_set_format_option(archive, "pax", "xattrheader", "SCHILY"), subject)
        try check(archive_write_set_bytes_per_block(archive, Self.blockSize), subject)
        try check(archive_write_set_bytes_in_last_block(archive, 1), subject)
        let context = Unmanaged.passUnretained(self).toOpaque()
        let status = archive_write_open(
            archive, context, nil,
            { _, context, bytes, count in
                guard let context else { return -1 }
                let encoder = Unmanaged<TarEncoder>.fromOpaque(context).takeUnretainedValue()
                return encoder.pass(UnsafeRawBufferPointer(start: bytes, count: count)) ? count : -1
            }, nil)
        try check(status, subject)
    }

    /// Adds an entry. After an error the archive is of no use any more.
    /// - Parameters:
    ///   - entry: as `LayerWriter.append` has it.
    ///   - watcher: is told where its bytes will begin.
    func append(
        _ entry: TreeEntry, content: ((UnsafeMutableRawBufferPointer) throws -> Int)?,
        watcher: LayerWriter.Watcher? = nil
    ) throws {
        guard isOpen else { throw LayerWriteError.closed }
        isOpen = false
        try order.admit(entry)
        if case .regular(let size) = entry.kind {
            guard content != nil || size == 0 else { throw LayerWriteError.contentMismatch(entry.path) }
        } else if content != nil {
            throw LayerWriteError.contentMismatch(entry.path)
        }
        try writeHeader(entry)
        try watcher?(entry, place)
        if case .regular(let size) = entry.kind, let content {
            try writeContent(of: entry.path, size: size, content)
        }
        isOpen = true
    }

    private func writeHeader(_ treeEntry: TreeEntry) throws {
        describe(treeEntry)
        let status = locale.run {
            // libarchive takes a name that it cannot convert for a lack of memory where an earlier call, anybody's, left
            // that number: it looks at errno and never sets it.
            errno = 0
            return archive_write_header(archive, entry)
        }
        // A warning tells of a name that is not UTF-8, which is written as it stands (`hdrcharset=BINARY`).
        try check(status == ARCHIVE_WARN ? ARCHIVE_OK : status, treeEntry.path.description)
        archive_clear_error(archive)
    }

    /// How many bytes of tar there are so far, counted as they leave the format and enter libarchive's blocks.
    private var place: UInt64 { UInt64(clamping: archive_filter_bytes(archive, 0)) }

    private func describe(_ treeEntry: TreeEntry) {
        archive_entry_clear(entry)
        let path = treeEntry.path.isRoot ? Array("./".utf8) : treeEntry.path.bytes
        archive_entry_copy_pathname(entry, cString(path))
        archive_entry_set_perm(entry, mode_t(treeEntry.mode))
        archive_entry_set_uid(entry, Int64(treeEntry.owner.user))
        archive_entry_set_gid(entry, Int64(treeEntry.owner.group))
        archive_entry_set_mtime(entry, Int(Timestamp.insideImages), 0)
        archive_entry_set_size(entry, 0)
        describeKind(treeEntry.kind)
        // libarchive writes attributes in the reverse of the order in which they are added.
        for attribute in treeEntry.attributes.reversed() {
            archive_entry_xattr_add_entry(entry, attribute.name, attribute.value, attribute.value.count)
        }
    }

    /// File types as in stat(2): libarchive's `AE_IF*` macros are not imported.
    private func describeKind(_ kind: TreeEntry.Kind) {
        switch kind {
        case .regular(let size):
            archive_entry_set_filetype(entry, S_IFREG)
            archive_entry_set_size(entry, Int64(clamping: size))
        case .directory: archive_entry_set_filetype(entry, S_IFDIR)
        case .fifo: archive_entry_set_filetype(entry, S_IFIFO)
        case .symlink(let target):
            archive_entry_set_filetype(entry, S_IFLNK)
            archive_entry_copy_symlink(entry, cString(target))
        case .hardlink(let target):
            archive_entry_set_filetype(entry, S_IFREG)
            archive_entry_copy_hardlink(entry, cString(target.bytes))
        }
    }

    private func cString(_ bytes: [UInt8]) -> [CChar] { bytes.map { CChar(bitPattern: $0) } + [0] }

    /// Writes the bytes of the regular file whose header was written last, exactly `size` of them.
    private func writeContent(
        of path: TreePath, size: UInt64, _ content: (UnsafeMutableRawBufferPointer) throws -> Int
    ) throws {
        var rest = size
        while true {
            let count = try buffer.withUnsafeMutableBytes { try content($0) }
            if count == 0, rest == 0 { return }
            guard count > 0, count <= buffer.count, UInt64(count) <= rest else {
                throw LayerWriteError.wrongSize(path, expected: size)
            }
            let written = buffer.withUnsafeBytes { archive_write_data(archive, $0.baseAddress, count) }
            try check(written < 0 ? Int32(clamping: written) : ARCHIVE_OK, path.description)
            rest -= UInt64(count)
        }
    }

    private func pass(_ block: UnsafeRawBufferPointer) -> Bool {
        do {
            try sink.accept(block)
            return true
        } catch {
            failure = error
            return false
        }
    }

    /// Writes the end of the archive.
    func finish() throws {
        guard isOpen else { throw LayerWriteError.closed }
        isOpen = false
        try check(archive_write_close(archive), "its end")
    }

    /// Reads and clears libarchive's error; what stopped the sink comes before it.
    private func check(_ status: Int32, _ subject: String) throws {
        guard status != ARCHIVE_OK else { return }
        if let failure { throw failure }
        let text =
            archive_error_string(archive).map { String(cString: $0) } ?? "libarchive gives no reason (status \(status))"
        archive_clear_error(archive)
        throw LayerWriteError.library(text, subject: subject)
    }
}
