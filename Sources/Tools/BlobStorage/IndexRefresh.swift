import BakeModel
import Glibc
import LinuxSystem

extension BlobStore {
    /// Makes the index say what the ledger says. Names that other tools wrote stay. Readers see the old index or the new one.
    ///
    /// Costs what is new since the last time, and a copy of the file where something is. After another tool wrote, or where the
    /// cache is gone, everything is asked for again.
    /// - Throws: what `content` throws; `StoreError.damaged`, `SystemError`. The index is unchanged then.
    public func refreshIndex(_ content: IndexContent) throws {
        if try indexMark()?.entry == content.latest() { return }
        let lock = try lockIndex()
        defer { withExtendedLifetime(lock) {} }
        // Before the names: what is added meanwhile is for the next time.
        let latest = try content.latest()
        guard let mark = indexMark() else { return try remakeIndex(of: try readIndex(), content, latest) }
        if mark.entry != latest { try extendIndex(mark, content, latest) }
    }

    /// Makes the index again from everything, as if there were no mark.
    /// - Parameter isForeignKept: whether the names that other tools wrote stay; else a damaged index can be replaced.
    public func rebuildIndex(_ content: IndexContent, isForeignKept: Bool = true) throws {
        let lock = try lockIndex()
        defer { withExtendedLifetime(lock) {} }
        let latest = try content.latest()
        try remakeIndex(of: isForeignKept ? try readIndex() : .empty, content, latest)
    }

    private func lockIndex() throws -> FileLock { try FileLock.exclusive("\(path)/index.lock") }

    private func remakeIndex(of old: ImageIndex, _ content: IndexContent, _ latest: Int64) throws {
        let text = IndexText(
            old.without(owned: content.owns), lasting: try content.lasting(0, latest), moving: try content.moving())
        let lasting = Int64(text.lasting.count)
        let whole = text.lasting + text.moving + text.end
        if (try? DurableFile.read(index, limit: whole.count)) != whole { try replaceIndex { try $0.write(whole) } }
        note(entry: latest, lastingEnd: lasting, movingEnd: lasting + Int64(text.moving.count))
    }

    /// Copies what stays, appends what is new to it, and writes what moves.
    private func extendIndex(_ mark: IndexMark, _ content: IndexContent, _ latest: Int64) throws {
        let old = MarkedIndex(file: try Descriptor.open(index, O_RDONLY | O_NOFOLLOW), mark: mark)
        let isEmpty = try old.isListEmpty
        let new = try content.lasting(mark.entry, latest)
        let added = IndexText.following(isEmpty, new)
        let moving = IndexText.following(isEmpty && new.isEmpty, try content.moving())
        let lastingEnd = mark.lastingEnd + Int64(added.count)
        let oldMoving = try old.bytes(mark.lastingEnd..<mark.movingEnd)
        if !new.isEmpty || oldMoving != moving {
            let size = Int64(try old.file.status().st_size)
            let kept = try old.bytes(0..<mark.lastingEnd)
            let end = try old.bytes(mark.movingEnd..<size)
            try replaceIndex { file in for part in [kept, added, moving, end] { try file.write(part) } }
        }
        note(entry: latest, lastingEnd: lastingEnd, movingEnd: lastingEnd + Int64(moving.count))
    }

    private func replaceIndex(_ write: (Descriptor) throws -> Void) throws {
        let temporary = try TemporaryFile(in: temporary, sharing: sharing)
        try SystemError.check("set the mode of", temporary.path) {
            fchmod(temporary.file.number, sharing.fileMode(0o644))
        }
        try write(temporary.file)
        try temporary.replaceView(index)
    }
}
